/** When somebody is woken, beside failures. */
import * as z from "zod";

export const Alarms = z.strictObject({
  noSuccessDays: z
    .number()
    .positive()
    .max(365)
    .nullable()
    .default(7)
    .describe("no run has succeeded for so long; null: no such alarm"),
  noPromotionDays: z
    .number()
    .positive()
    .max(3650)
    .nullable()
    .default(30)
    .describe("runs succeed but none has promoted for so long; null: no such alarm"),
  itemUpdatesStopped: z
    .boolean()
    .default(true)
    .describe("the live version no longer takes in new items, because a newer version exists"),
});
export type Alarms = z.infer<typeof Alarms>;
