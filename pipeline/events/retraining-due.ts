/** What a schedule starts an execution with. EventBridge Scheduler fills in the time, so that a repeat is recognised. */
import * as z from "zod";
import { Stage } from "../planning/run-options.ts";

export const RetrainingDue = z.strictObject({
  trigger: z.literal("schedule"),
  scheduledTime: z.string().optional(),
  stages: z.array(Stage).min(1).optional().describe("absent: all"),
});
export type RetrainingDue = z.infer<typeof RetrainingDue>;

/** @param only the stage that this schedule is for; all of them when absent. */
export const retrainingDueInput = (only?: Stage): z.input<typeof RetrainingDue> => ({
  trigger: "schedule",
  scheduledTime: "<aws.scheduler.scheduled-time>",
  ...(only === undefined ? {} : { stages: [only] }),
});
