/**
 * The epochs of a training: shuffled lanes, a batch at a time on a crew of threads. Pauses between batches, so that an abort is honoured
 * within one batch (some ten milliseconds). After each epoch: a look at users kept apart, the watcher, a checkpoint.
 */
import { adamOptions } from "../../kernels/optimizer.ts";
import { startSide } from "../features/side-batches.ts";
import { loadState, saveState } from "../parallel/checkpoint.ts";
import type { Memory, Plan } from "../parallel/plan.ts";
import type { Order } from "../parallel/program.ts";
import { fact } from "../parallel/training-memory.ts";
import { pause } from "../pause.ts";
import type { TrainingEnvironment, TrainingProgress } from "../recipe.ts";
import { makeBatches, type BatchMaker } from "./batch.ts";
import { spreadOverLanes } from "./lanes.ts";
import { trainingSizes, type Sizes } from "./layout.ts";
import type { Random } from "./random.ts";
import type { NetworkTask, Weights } from "./train.ts";

export interface Workshop {
  readonly plan: Plan;
  readonly memory: Memory;
  readonly sizes: Sizes;
  readonly random: Random;
  readonly run: (what: Order) => void;
  readonly orders: readonly Order[];
}

/** Rises over the first twentieth of the steps, then falls along half a cosine to nothing. */
export function rateAt(step: number, steps: number, rate: number): number {
  const warm = Math.max(1, Math.ceil(steps / 20));
  if (step < warm) return (rate * (step + 1)) / warm;
  return 0.5 * rate * (1 + Math.cos((Math.PI * (step - warm)) / Math.max(1, steps - warm)));
}

/** A copy: the memory goes on changing. */
export const weightsOf = (memory: Memory, { side }: Pick<Sizes, "side">): Weights => ({
  table: memory.f32("table").slice(),
  dense: memory.f32("dense").slice(),
  ...(side && { side: memory.f32("side").slice() }),
});

export async function runEpochs(task: NetworkTask, environment: TrainingEnvironment, shop: Workshop): Promise<void> {
  const { plan, memory, sizes, random } = shop;
  const { epochs, inputDropout, outputDropout } = task.options;
  const side = task.side && startSide(memory, trainingSizes(sizes), task.side, random);
  if (task.start) goOnFrom(task.start, memory);
  const batches = makeBatches(memory, sizes, { ...task, side, random });
  const facts = memory.f32("facts");
  facts[fact.inputDropout] = inputDropout;
  facts[fact.outputDropout] = outputDropout;
  facts[fact.tableRate] = 1;
  const checkpoints = environment.checkpoints;
  const reached = checkpoints && loadState(checkpoints, plan, memory, random);
  const begun = reached ?? { epoch: 0, step: 0, ended: false };
  let { step, ended } = begun;
  let metric: TrainingProgress["metric"];
  for (let epoch = begun.epoch + 1; epoch <= epochs && !ended && task.sequences.events > 0; epoch++) {
    const report = (done: number, loss: number) => {
      const fraction = (epoch - 1 + done) / epochs;
      environment.progress({ fraction, epoch, epochs, loss, ...(metric && { metric }) });
    };
    const { steps, loss } = await runEpoch(task, environment.signal, { ...shop, batches, step, report });
    step = steps;
    metric = task.metric?.(weightsOf(memory, sizes)) ?? metric;
    if (metric) report(1, loss);
    ended = task.afterEpoch?.(epoch, () => weightsOf(memory, sizes)) === false;
    if (checkpoints) saveState(checkpoints, plan, memory, { epoch, step, ended, random });
    await pause(environment.signal);
  }
}

interface Epoch extends Workshop {
  readonly batches: BatchMaker;
  readonly step: number; // taken before
  readonly report: (done: number, loss: number) => void;
}

/** @returns the steps taken so far, in all epochs, and the epoch's loss in nats per event */
async function runEpoch({ sequences, options }: NetworkTask, signal: AbortSignal, epoch: Epoch) {
  const { memory, sizes, random, batches, run, orders, report } = epoch;
  const facts = memory.f32("facts");
  const lossOf = Array.from({ length: sizes.threads }, (_, p) => memory.f32("loss", p));
  const perEpoch = Math.max(1, Math.ceil(sequences.events / (sizes.threads * sizes.lanes * sizes.steps)));
  const allSteps = perEpoch * options.epochs;
  const lanes = spreadOverLanes(sequences, sizes.threads * sizes.lanes, random);
  let { step } = epoch;
  let loss = 0;
  let events = 0;
  for (let p = 0; p < sizes.threads; p++) for (const name of ["carried", "user"]) memory.f32(name, p).fill(0);
  for (let first = 0; first < lanes.steps; first += sizes.steps) {
    const weight = batches.write(lanes, first);
    const rate = rateAt(Math.min(step, allSteps - 1), allSteps, options.rate);
    const scale = weight > 0 ? 1 / weight : 0;
    setAdam(facts, step, { rate, keepMean: 0.9, keepSquare: 0.999, epsilon: 1e-8, decay: options.decay, scale });
    orders.forEach(run);
    loss += lossOf.reduce((sum, values) => sum + values[0]!, 0);
    events += weight;
    step++;
    report(Math.min(1, (first + sizes.steps) / lanes.steps), events > 0 ? loss / events : 0);
    await pause(signal);
  }
  return { steps: step, loss: events > 0 ? loss / events : 0 };
}

function goOnFrom({ table, dense, side }: Weights, memory: Memory): void {
  memory.f32("table").set(table);
  memory.f32("dense").set(dense);
  if (side) memory.f32("side").set(side);
}

function setAdam(facts: Float32Array, step: number, plain: Parameters<typeof adamOptions>[1]): void {
  const options = adamOptions(step + 1, plain);
  facts[fact.step] = step;
  for (const name of ["rate", "keepMean", "keepSquare", "epsilon", "decay", "scale"] as const) {
    facts[fact[name]] = options[name];
  }
}
