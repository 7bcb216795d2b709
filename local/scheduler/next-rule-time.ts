/** What EventBridge needs of us for rules with a schedule; wired to it as a port, since services do not know each other. */
import { parseSchedule } from "./expression/schedule-expression.ts";

/** The next time of a rule's schedule, in UTC. Rates count from the epoch, so that a restart does not shift them. */
export const nextRuleTime = (expression: string, after: number): number | undefined =>
  parseSchedule(expression, "UTC", "rule").next(after, 0);
