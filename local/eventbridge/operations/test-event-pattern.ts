/** TestEventPattern: would this pattern match this event? */
import type { TestEventPatternRequest, TestEventPatternResponse } from "@aws-sdk/client-eventbridge";
import { compilePattern } from "../pattern/compile-pattern.ts";
import { matchesPattern } from "../pattern/matches-pattern.ts";
import { ValidationException } from "../state.ts";

const required = ["id", "account", "source", "time", "region", "resources", "detail-type"];

export function testEventPattern(input: TestEventPatternRequest): TestEventPatternResponse {
  const pattern = compilePattern(input.EventPattern);
  let event: unknown;
  try {
    event = JSON.parse(input.Event ?? "");
  } catch {
    throw new ValidationException("Parameter Event is not valid. Reason: it must be a JSON object.");
  }
  if (typeof event !== "object" || event === null) {
    throw new ValidationException("Parameter Event is not valid. Reason: it must be a JSON object.");
  }
  const missing = required.find((name) => !Object.hasOwn(event, name));
  if (missing !== undefined)
    throw new ValidationException(`Parameter Event is not valid. Reason: ${missing} is missing.`);
  return { Result: matchesPattern(pattern, event) };
}
