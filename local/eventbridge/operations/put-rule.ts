/** PutRule creates a rule or replaces everything of it but its targets and tags. */
import type { PutRuleRequest, PutRuleResponse } from "@aws-sdk/client-eventbridge";
import { compilePattern } from "../pattern/compile-pattern.ts";
import type { NextScheduled } from "../rule-schedules.ts";
import {
  busNamed,
  defaultBus,
  keepRule,
  ruleArn,
  ruleKey,
  tagsOf,
  ValidationException,
  type EventsState,
  type Rule,
} from "../state.ts";

export const putRule =
  (state: EventsState, nextScheduled: NextScheduled) =>
  async (input: PutRuleRequest): Promise<PutRuleResponse> => {
    const rule = ruleFrom(state, nextScheduled, input);
    await keepRule(state, rule);
    return { RuleArn: rule.arn };
  };

/** The rule that a request asks for, checked; targets and tags are those of the rule that it replaces. */
export function ruleFrom(state: EventsState, nextScheduled: NextScheduled, input: PutRuleRequest): Rule {
  const { Name: name = "", EventPattern: pattern, ScheduleExpression: schedule } = input;
  const bus = busNamed(state, input.EventBusName);
  if (!pattern && !schedule) {
    throw new ValidationException("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  if (schedule && bus.name !== defaultBus) {
    throw new ValidationException("ScheduleExpression is supported only on the default event bus.");
  }
  if (pattern) compilePattern(pattern);
  if (schedule) nextScheduled(schedule, state.deps.clock.now());
  const before = state.rules.get(ruleKey(bus.name, name));
  const arn = ruleArn(state.deps, bus.name, name);
  return {
    name,
    arn,
    bus: bus.name,
    ...(pattern ? { pattern } : {}),
    ...(schedule ? { schedule } : {}),
    enabled: input.State !== "DISABLED",
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
    targets: before?.targets ?? [],
    tags: before?.tags ?? tagsOf(input.Tags),
  };
}
