/**
 * The cloud's fault port in a test's hand: remembers every call that any part of the cloud makes, and answers those that
 * the test took over. A rule stays until the function that `on` gave is called; the newest rule for an operation wins.
 */
import type { Fault } from "../../local/cloud/boot/start-cloud.ts";

export interface SeenCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** `next` makes the call. */
export type Answer = (input: SeenCall["input"], next: () => Promise<unknown>) => Promise<unknown>;

export interface FaultPort {
  /** For `startStack`. */
  readonly fault: Fault;
  readonly calls: readonly SeenCall[];
  on(operation: string, answer: Answer): () => void;
  /** Takes over the next call of this operation, and no other. */
  once(operation: string, answer: Answer): void;
  /** Inputs of all calls of these operations so far, oldest first. */
  inputs(...operations: readonly string[]): SeenCall["input"][];
}

export function createFaultPort(): FaultPort {
  const calls: SeenCall[] = [];
  const rules: { operation: string; answer: Answer }[] = [];
  function on(operation: string, answer: Answer): () => void {
    const rule = { operation, answer };
    rules.unshift(rule);
    return () => void rules.splice(0, rules.length, ...rules.filter((other) => other !== rule));
  }
  return {
    calls,
    on,
    once(operation, answer) {
      const remove = on(operation, (input, next) => {
        remove();
        return answer(input, next);
      });
    },
    inputs: (...operations) => calls.filter((call) => operations.includes(call.operation)).map((call) => call.input),
    fault: ({ service, operation, input }, next) => {
      const seen = (input ?? {}) as SeenCall["input"]; // every AWS input is an object
      calls.push({ service, operation, input: seen });
      const rule = rules.find((candidate) => candidate.operation === operation);
      return rule ? rule.answer(seen, next) : next();
    },
  };
}

export type MetricsByName = Readonly<Record<string, unknown>>;

/**
 * From now on GetSolutionMetrics answers what `change` makes of the true metrics. `solution` is the name in the
 * configuration, `baseline` for the yardstick.
 */
export function changeMetrics(
  port: FaultPort,
  change: (solution: string, metrics: MetricsByName) => MetricsByName | undefined,
): () => void {
  return port.on("GetSolutionMetrics", async ({ solutionVersionArn }, next) => {
    const answer = (await next()) as { metrics: MetricsByName };
    const solution = /:solution\/[^-]+-[^-]+-(.+)-[0-9a-f]{6}\//.exec(String(solutionVersionArn))?.[1] ?? "";
    return { ...answer, metrics: change(solution, answer.metrics) };
  });
}

/** What SNS was asked to send, oldest first. */
export const notices = (port: FaultPort): { Subject: string; Message: string }[] =>
  port
    .inputs("Publish")
    .map(({ Subject, Message }) => ({ Subject: String(Subject), Message: String(Message) }))
    .filter(({ Subject }) => !/^(OK|ALARM|INSUFFICIENT_DATA): /.test(Subject));
