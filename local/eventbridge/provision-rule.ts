/** AWS::Events::Rule and AWS::Events::EventBus. Ref of a rule is its name, on a bus of one's own `<bus>|<name>`. */
import type { Target } from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { physicalName } from "../cloud/ports/physical-name.ts";
import type { Provisioner } from "../cloud/ports/service.ts";
import { createEventBus } from "./operations/create-event-bus.ts";
import { ruleFrom } from "./operations/put-rule.ts";
import { assertTargets } from "./operations/put-targets.ts";
import type { NextScheduled } from "./rule-schedules.ts";
import { busArn, busNameOf, defaultBus, keepRule, ruleKey, type EventsState } from "./state.ts";

const RuleProperties = z.object({
  Name: z.string().optional(),
  Description: z.string().optional(),
  EventBusName: z.string().optional(),
  EventPattern: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  RoleArn: z.string().optional(),
  Targets: z.array(z.looseObject({ Id: z.string(), Arn: z.string() })).default([]),
});

export function ruleProvisioner(state: EventsState, nextScheduled: NextScheduled): Provisioner {
  return {
    type: "AWS::Events::Rule",
    async apply({ stackName, logicalId, properties }) {
      const { Targets: targets, EventPattern: pattern, ...wanted } = RuleProperties.parse(properties);
      const name = wanted.Name ?? physicalName(stackName, logicalId);
      const bus = busNameOf(wanted.EventBusName);
      const text = typeof pattern === "object" ? JSON.stringify(pattern) : pattern;
      const request = { ...wanted, Name: name, EventPattern: text };
      // Template and API spell a target alike.
      const rule = { ...ruleFrom(state, nextScheduled, request), targets: targets as Target[] };
      assertTargets(rule.targets);
      if (JSON.stringify(state.rules.get(ruleKey(bus, name))) !== JSON.stringify(rule)) await keepRule(state, rule);
      return { ref: bus === defaultBus ? name : `${bus}|${name}`, attributes: { Arn: rule.arn } };
    },
    async remove(ref) {
      const [first = "", second] = ref.split("|");
      const key = second === undefined ? ruleKey(defaultBus, first) : ruleKey(first, second);
      state.rules.delete(key);
      state.onRuleChange(key);
      await state.deps.store.commit();
    },
  };
}

const BusProperties = z.object({ Name: z.string(), Description: z.string().optional() });

export function eventBusProvisioner(state: EventsState): Provisioner {
  return {
    type: "AWS::Events::EventBus",
    async apply({ properties }) {
      const { Name: name, Description: description } = BusProperties.parse(properties);
      if (!state.buses.has(name)) await createEventBus(state)({ Name: name, Description: description });
      return { ref: name, attributes: { Arn: busArn(state.deps, name), Name: name } };
    },
    async remove(name) {
      state.buses.delete(name);
      await state.deps.store.commit();
    },
  };
}
