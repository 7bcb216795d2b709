/** DescribeRule, and the shape in which ListRules gives the same rule. */
import type { DescribeRuleRequest, DescribeRuleResponse, Rule as RuleShape } from "@aws-sdk/client-eventbridge";
import { ruleNamed, type EventsState, type Rule } from "../state.ts";

export const ruleShape = (rule: Rule): RuleShape => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.pattern,
  State: rule.enabled ? "ENABLED" : "DISABLED",
  Description: rule.description,
  ScheduleExpression: rule.schedule,
  RoleArn: rule.roleArn,
  EventBusName: rule.bus,
});

export const describeRule =
  (state: EventsState) =>
  (input: DescribeRuleRequest): DescribeRuleResponse => ({
    ...ruleShape(ruleNamed(state, input.Name, input.EventBusName)),
    CreatedBy: state.deps.account,
  });
