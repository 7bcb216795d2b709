/**
 * State transitions per second, durable: the interpreter over the real journal on this disk, with calls that answer at
 * once, beside the same number of bare journal commits. A transition is one state entered and left.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createSystemClock } from "../local/cloud/clock/system-clock.ts";
import { openStore, type DurableStore } from "../local/cloud/journal/open-store.ts";
import type { Progress } from "../local/cloud/ports/service.ts";
import { createStepFunctions } from "../local/step-functions/create-step-functions.ts";
import type { Row } from "./row.ts";

const expression = "{% $merge([$states.input, { 'n': $states.input.n + 1 }]) %}";
const task = { Type: "Task", Resource: "arn:aws:states:::aws-sdk:personalize:describeSolution", Arguments: {} };

/** `length` states in a row: every second one computes, every second one calls. */
function chain(length: number): object {
  const states = Array.from({ length }, (_, index) => {
    const kind = index % 2 === 0 ? { Type: "Pass", Output: expression } : { ...task, Output: "{% $states.input %}" };
    return [`S${index}`, { ...kind, ...(index + 1 < length ? { Next: `S${index + 1}` } : { End: true }) }] as const;
  });
  return { QueryLanguage: "JSONata", StartAt: "S0", States: Object.fromEntries(states) };
}

function passes(length: number): object {
  const states = Array.from({ length }, (_, index) => {
    const move = index + 1 < length ? { Next: `S${index + 1}` } : { End: true };
    return [`S${index}`, { Type: "Pass", Output: expression, ...move }] as const;
  });
  return { QueryLanguage: "JSONata", StartAt: "S0", States: Object.fromEntries(states) };
}

const mapOf = (inner: object) => ({
  QueryLanguage: "JSONata",
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      Items: "{% [1..1000] %}",
      ItemProcessor: { StartAt: "Inner", States: { Inner: { ...inner, End: true } } },
      End: true,
    },
  },
});

interface World {
  run(definition: object, executions: number): Promise<number>;
}

/** Returns the seconds from the first start to the last end. */
function makeWorld(store: DurableStore): World {
  const ended = new Set<() => void>();
  let ids = 0;
  const onProgress = ({ kind }: Progress) => {
    if (kind === "execution-ended") for (const tell of ended) tell();
  };
  const { service } = createStepFunctions({
    clock: createSystemClock(),
    store,
    random: () => 0.5,
    ids: { uuid: () => `id-${++ids}`, hex: () => String(++ids) },
    account: "000000000000",
    region: "us-east-1",
    log: (line) => {
      throw new Error(line);
    },
    progress: onProgress,
    calls: { call: () => Promise.resolve({}) },
    sdk: { call: () => Promise.resolve({ Status: "ACTIVE" }) },
    authorizer: { authorize: () => {}, assertAssumable: () => {} },
  });
  const invoke = async (operation: string, input: object) =>
    (await service.operations[operation]?.(input, {
      caller: { kind: "account" },
      requestId: "bench",
      account: "000000000000",
      region: "us-east-1",
    })) as { stateMachineArn?: string };
  return {
    async run(definition, executions) {
      const name = `bench-${++ids}`;
      const roleArn = "arn:aws:iam::000000000000:role/bench";
      const made = await invoke("CreateStateMachine", { name, definition: JSON.stringify(definition), roleArn });
      let left = executions;
      const started = performance.now();
      const allEnded = new Promise<void>((resolve) => {
        const tell = () => {
          if (--left > 0) return;
          ended.delete(tell);
          resolve();
        };
        ended.add(tell);
      });
      const start = () => invoke("StartExecution", { stateMachineArn: made.stateMachineArn, input: '{"n":0}' });
      await Promise.all(Array.from({ length: executions }, start));
      await allEnded;
      return (performance.now() - started) / 1000;
    },
  };
}

/** The disk's share: as many puts, one commit after another. */
async function commitSeconds(store: DurableStore, commits: number): Promise<number> {
  const table = store.table<object>("bench/rows");
  const started = performance.now();
  for (let index = 0; index < commits; index++) {
    table.put("row", { index });
    await store.commit();
  }
  return (performance.now() - started) / 1000;
}

export async function bench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "outrank-bench-"));
  const store = await openStore(folder, { log: () => {} });
  try {
    const world = makeWorld(store);
    await world.run(chain(50), 10); // warms up the compiler
    const many = await world.run(chain(100), 50);
    const one = await world.run(passes(1000), 1);
    const calls = await world.run(chain(200), 1);
    const bare = await commitSeconds(store, 100);
    const mapPass = await world.run(mapOf({ Type: "Pass", Output: "{% $states.input + 1 %}" }), 1);
    const mapTask = await world.run(mapOf(task), 1);
    return [
      { what: "durable transitions, 50 executions at once", measured: 5000 / many, unit: "1/s", target: ">= 2,000" },
      { what: "overhead of a transition, one execution of Pass states", measured: one, unit: "ms", target: "<= 0.5" },
      { what: "a Task with its call, one execution", measured: (calls / 200) * 1000, unit: "ms", target: "" },
      { what: "a bare commit of the journal", measured: (bare / 100) * 1000, unit: "ms", target: "" },
      { what: "Map of 1,000 items, a Pass each", measured: mapPass, unit: "s", target: "<= 1" },
      { what: "Map of 1,000 items, a Task each", measured: mapTask, unit: "s", target: "<= 1" },
    ];
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
