/** Where money could be saved, said in the notice. Advice changes nothing, so it is on unless it is switched off. */
import * as z from "zod";

export const Advice = z.strictObject({
  enabled: z.boolean().default(true).describe("look at the campaigns' requests at the end of each run"),
  idleDays: z
    .int()
    .min(1)
    .max(60)
    .default(14)
    .describe("a campaign without requests for so long is called idle; CloudWatch keeps five-minute sums for 63 days"),
  idleRequests: z
    .int()
    .min(0)
    .default(100)
    .describe("so few requests in that time count as none: the smoke test asks, too"),
});
export type Advice = z.infer<typeof Advice>;
