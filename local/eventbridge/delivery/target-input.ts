/**
 * What a target is sent: the whole event, a constant, a part of it, or a template filled from it.
 *
 * In a template `<name>` between quotes becomes text (escaped for JSON), elsewhere JSON. A path that finds nothing
 * gives an empty text between quotes and null elsewhere.
 */
import type { InputTransformer, Target } from "@aws-sdk/client-eventbridge";
import { isoSeconds, type EventEnvelope } from "../event-envelope.ts";

export interface DeliveredRule {
  readonly name: string;
  readonly arn: string;
}

export function targetInput(
  target: Pick<Target, "Input" | "InputPath" | "InputTransformer">,
  event: EventEnvelope,
  rule: DeliveredRule,
  ingestedAt: number,
): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(readPath(event, target.InputPath) ?? null);
  if (target.InputTransformer) return fillTemplate(target.InputTransformer, event, rule, ingestedAt);
  return JSON.stringify(event);
}

/** The JSONPath subset of EventBridge: `$`, `.name`, `['name']`, `[0]`. */
export function readPath(event: unknown, path: string): unknown {
  const steps = parsePath(path);
  if (!steps) return undefined;
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    return (value as Record<string, unknown>)[step];
  }, event);
}

/** The names and indices of a path, or undefined when it is none. */
export function parsePath(path: string): string[] | undefined {
  if (!/^\$(\.[^.[\]'"]+|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*$/.test(path)) return undefined;
  return [...path.slice(1).matchAll(/\.([^.[\]'"]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g)].map(
    ([, name, index, single, double]) => name ?? index ?? single ?? double ?? "",
  );
}

function fillTemplate(
  { InputPathsMap: paths = {}, InputTemplate: template = "" }: InputTransformer,
  event: EventEnvelope,
  rule: DeliveredRule,
  ingestedAt: number,
): string {
  const values = new Map<string, unknown>([
    ["aws.events.rule-arn", rule.arn],
    ["aws.events.rule-name", rule.name],
    ["aws.events.event.ingestion-time", isoSeconds(ingestedAt)],
    ["aws.events.event", event],
    ["aws.events.event.json", event],
    ...Object.entries(paths).map(([name, path]): [string, unknown] => [name, readPath(event, path)]),
  ]);
  let isQuoted = false;
  return template.replace(/\\.|"|<([^<>\s"]+)>/g, (found, name?: string) => {
    if (found === '"') isQuoted = !isQuoted;
    if (name === undefined || !values.has(name)) return found;
    const value = values.get(name);
    if (!isQuoted) return JSON.stringify(value ?? null);
    if (value === undefined || value === null) return "";
    return JSON.stringify(typeof value === "string" ? value : JSON.stringify(value)).slice(1, -1);
  });
}
