/** What EventBridge remembers: buses and rules with their targets. Deliveries under way have a table of their own. */
import type { Target } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../cloud/ports/aws-error.ts";
import type { ServiceDeps } from "../cloud/ports/service.ts";
import type { Table } from "../cloud/ports/store.ts";
import { compilePattern, type EventPattern } from "./pattern/compile-pattern.ts";

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  /** JSON text, as it was put. */
  readonly pattern?: string;
  readonly schedule?: string;
  readonly enabled: boolean;
  readonly description?: string;
  readonly roleArn?: string;
  readonly targets: readonly Target[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface EventsState {
  readonly deps: ServiceDeps;
  /** By name; the default bus is always there. */
  readonly buses: Table<Bus>;
  /** By `<bus>/<name>`. */
  readonly rules: Table<Rule>;
  /** Told after a rule was put, changed or deleted, so that its schedule follows. */
  readonly onRuleChange: (key: string) => void;
}

export class ResourceNotFoundException extends AwsError {
  constructor(message: string) {
    super("ResourceNotFoundException", message);
  }
}

export class ValidationException extends AwsError {
  constructor(message: string) {
    super("ValidationException", message);
  }
}

export const defaultBus = "default";

export const busArn = ({ region, account }: ServiceDeps, name: string): string =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;

export const ruleArn = ({ region, account }: ServiceDeps, bus: string, name: string): string =>
  `arn:aws:events:${region}:${account}:rule/${bus === defaultBus ? "" : `${bus}/`}${name}`;

/** A bus is named by its name or its ARN; nothing means the default one. */
export function busNameOf(nameOrArn: string | undefined): string {
  if (nameOrArn === undefined) return defaultBus;
  return nameOrArn.startsWith("arn:") ? nameOrArn.slice(nameOrArn.indexOf("/") + 1) : nameOrArn;
}

export function busNamed(state: EventsState, nameOrArn: string | undefined): Bus {
  const name = busNameOf(nameOrArn);
  const bus = state.buses.get(name);
  if (!bus) throw new ResourceNotFoundException(`Event bus ${name} does not exist.`);
  return bus;
}

export const ruleKey = (bus: string, name: string): string => `${bus}/${name}`;

export function ruleNamed(state: EventsState, name: string | undefined, busName: string | undefined): Rule {
  const bus = busNamed(state, busName);
  const rule = state.rules.get(ruleKey(bus.name, name ?? ""));
  if (!rule) throw new ResourceNotFoundException(`Rule ${name} does not exist on EventBus ${bus.name}.`);
  return rule;
}

/** Puts a rule and makes it durable. */
export async function keepRule(state: EventsState, rule: Rule): Promise<void> {
  const key = ruleKey(rule.bus, rule.name);
  state.rules.put(key, rule);
  state.onRuleChange(key);
  await state.deps.store.commit();
}

/** Compiled patterns, one per rule as it stands; rules are immutable values. */
export function createPatternCache(): (rule: Rule) => EventPattern | undefined {
  const compiled = new WeakMap<Rule, EventPattern>();
  return (rule) => {
    if (rule.pattern === undefined) return undefined;
    let pattern = compiled.get(rule);
    if (!pattern) compiled.set(rule, (pattern = compilePattern(rule.pattern)));
    return pattern;
  };
}

export const tagsOf = (tags: readonly { Key?: string; Value?: string }[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key: key = "", Value: value = "" }) => [key, value]));

export const tagList = (tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
