/** What the schedule starts an execution with. EventBridge Scheduler fills in the time, so that a repeat is recognised. */
import * as z from "zod";

export const RetrainingDue = z.strictObject({ trigger: z.literal("schedule"), scheduledTime: z.string().optional() });

export const retrainingDueInput: z.input<typeof RetrainingDue> = {
  trigger: "schedule",
  scheduledTime: "<aws.scheduler.scheduled-time>",
};
