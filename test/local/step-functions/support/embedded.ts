/** Step Functions over a memory store, the jumping clock and calls that a test answers itself. */
import type { GetExecutionHistoryOutput, HistoryEvent } from "@aws-sdk/client-sfn";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { memoryStore } from "../../../../local/cloud/journal/memory-store.ts";
import type { Caller, Progress, ServiceId } from "../../../../local/cloud/ports/service.ts";
import type { Store } from "../../../../local/cloud/ports/store.ts";
import { createStepFunctions } from "../../../../local/step-functions/create-step-functions.ts";

export interface Made {
  readonly service: ServiceId;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly caller: Caller;
}

/** Answers a call; throws what the service would throw. */
export type Answer = (made: Made) => unknown;

export const role = "arn:aws:iam::000000000000:role/machine";
const context = { caller: { kind: "account" }, requestId: "r", account: "000000000000", region: "us-east-1" } as const;

export interface EmbeddedOptions {
  readonly answer?: Answer;
  readonly store?: Store;
  readonly clock?: ReturnType<typeof createJumpingClock>;
  readonly random?: () => number;
  readonly idPrefix?: string;
}

export function embedded({
  answer = () => ({}),
  store = memoryStore(),
  clock = createJumpingClock(),
  random = () => 0.5,
  idPrefix = "id",
}: EmbeddedOptions = {}) {
  const made: Made[] = [];
  const progress: Progress[] = [];
  const logged: string[] = [];
  let ids = 0;
  const take = async (call: Made): Promise<unknown> => {
    made.push(call);
    return answer(call);
  };
  const { service, provisioners } = createStepFunctions({
    clock,
    store,
    random,
    ids: { uuid: () => `${idPrefix}-${++ids}`, hex: (digits) => String(++ids).padStart(digits, "0") },
    account: "000000000000",
    region: "us-east-1",
    log: (line) => void logged.push(line),
    progress: (each) => void progress.push(each),
    calls: {
      call: (name, operation, input, caller) =>
        name === "states"
          ? invoke(operation, input as object)
          : (take({ service: name, operation, input: input as Made["input"], caller }) as never),
    },
    sdk: {
      call: (name, operation, input, caller) =>
        take({ service: `sdk:${name}` as ServiceId, operation, input: input as Made["input"], caller }),
    },
    authorizer: { authorize: () => {}, assertAssumable: () => {} },
  });

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests name the operation and know its output
  async function invoke(operation: string, input: object = {}): Promise<any> {
    const run = service.operations[operation];
    if (!run) throw new Error(`No operation ${operation}`);
    return run(input, context);
  }

  async function create(definition: object | string, name = "machine"): Promise<string> {
    const text = typeof definition === "string" ? definition : JSON.stringify(definition);
    const { stateMachineArn } = await invoke("CreateStateMachine", { name, definition: text, roleArn: role });
    return stateMachineArn as string;
  }

  async function history(executionArn: string): Promise<HistoryEvent[]> {
    const input = { executionArn, maxResults: 1000 };
    return ((await invoke("GetExecutionHistory", input)) as GetExecutionHistoryOutput).events ?? [];
  }

  /** Creates the machine, runs one execution to its end and tells how it went. */
  async function run(definition: object, input: unknown = {}, name = "machine") {
    const stateMachineArn = await create(definition, name);
    const { executionArn } = await invoke("StartExecution", {
      stateMachineArn,
      name: "run",
      input: typeof input === "string" ? input : JSON.stringify(input),
    });
    await clock.idle();
    const described = await invoke("DescribeExecution", { executionArn });
    const output = described.output === undefined ? undefined : (JSON.parse(described.output) as unknown);
    return { executionArn: executionArn as string, described, output, history: await history(executionArn as string) };
  }

  return { service, provisioners, invoke, create, history, run, made, progress, logged, clock, store };
}

/** A history as lines `id type <parent`, short enough to compare by eye. */
export const outline = (events: readonly HistoryEvent[]): string[] =>
  events.map(({ id, type, previousEventId }) => `${id} ${type} <${previousEventId}`);
