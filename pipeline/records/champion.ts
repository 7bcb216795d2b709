/** Which version a solution's campaign was last given by this pipeline, and when anything last went well. */
import * as z from "zod";

export const Champion = z.object({
  solutionVersionArn: z.string(),
  runId: z.string(),
  since: z.string(),
  previousSolutionVersionArn: z.string().nullable(),
});
export type Champion = z.infer<typeof Champion>;

/** What the last run that judged had seen; equal inputs need no new training. */
export const Judged = z.object({ runId: z.string(), fingerprint: z.string(), at: z.string() });
export type Judged = z.infer<typeof Judged>;
