/** Names for what an event starts: the same event, rule and target always give the same one. */
import { createHash } from "node:crypto";

/** `<event id>_<uuid>`, as EventBridge names the executions that it starts; a second delivery starts no second one. */
export function executionName(eventId: string, ruleArn: string, targetId: string): string {
  const hex = createHash("sha256").update(`${eventId}\0${ruleArn}\0${targetId}`).digest("hex");
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)];
  return `${eventId}_${uuid.join("-")}`;
}
