/**
 * Trains the recurrent network: epochs of shuffled lanes, a batch at a time on a crew of threads. Pauses between batches, so that
 * an abort is honoured within one batch (some ten milliseconds).
 */
import { readFile } from "node:fs/promises";
import { makeMemory } from "../../kernels/kernels.ts";
import { sideSizes, startSide, type SideInputs } from "../features/side-batches.ts";
import { adamOptions } from "../../kernels/optimizer.ts";
import { startCrew } from "../parallel/crew.ts";
import { bindMemory, type Memory } from "../parallel/plan.ts";
import { command } from "../parallel/program.ts";
import { fact } from "../parallel/training-memory.ts";
import { pause } from "../pause.ts";
import type { TrainingEnvironment } from "../recipe.ts";
import { makeBatches } from "./batch.ts";
import { denseParts } from "./dense.ts";
import { spreadOverLanes } from "./lanes.ts";
import { planMemory, trainingSizes, type Sizes } from "./layout.ts";
import { makeRandom, type Random } from "./random.ts";
import { featureCount, rowCount, type Sequences, type Vocabulary } from "./sequences.ts";

export interface NetworkOptions {
  readonly width: number; // H
  readonly steps: number; // bptt
  readonly lanes: number; // sequences read side by side, by all threads together: lanes · steps events a batch
  readonly epochs: number;
  readonly rate: number;
  readonly decay: number;
  readonly inputDropout: number;
  readonly outputDropout: number;
  /** Candidates of the sampled softmax; at least the number of items = full softmax. */
  readonly candidates: number;
}

/** What training yields and serving needs. */
export interface Weights {
  readonly table: Float32Array; // (R, H)
  readonly dense: Float32Array;
  /** (K, H) embeddings of features; absent where there are none. */
  readonly side?: Float32Array;
}

export interface TrainingFiles {
  readonly kernels: string;
  readonly worker: string;
}

export interface NetworkTask {
  readonly sequences: Sequences;
  readonly vocabulary: Vocabulary;
  readonly prior: Float32Array;
  readonly proposal: Float64Array;
  readonly options: NetworkOptions;
  readonly files: TrainingFiles;
  readonly side?: SideInputs;
  /** Weights to go on from instead of random ones (trainingMode UPDATE). */
  readonly start?: Weights;
  /** Called after each epoch with the live weights. */
  readonly afterEpoch?: (epoch: number, weights: Weights) => void;
}

const fewestLanes = 4; // of a thread: a tile of the matrix multiplication has four rows

function sizesOf({ vocabulary, options, side }: NetworkTask, available: number): Sizes {
  const threads = Math.max(1, Math.min(available, Math.floor(options.lanes / fewestLanes)));
  const lanes = Math.ceil(options.lanes / threads);
  const rows = rowCount(vocabulary);
  const candidates = Math.min(vocabulary.items, options.candidates);
  const positions = lanes * options.steps * threads;
  const full = candidates === vocabulary.items;
  return {
    ...{ items: vocabulary.items, rows, threads, features: featureCount },
    ...{ width: 4 * Math.ceil(options.width / 4), lanes, steps: options.steps },
    candidates,
    ...(side && { side: sideSizes(side) }),
    touched: full ? rows : Math.min(rows, candidates + featureCount * positions),
  };
}

/** Embeddings N(0, 1/H); gates uniform in ±1/√H; biases 0 (Glorot's scale for a square matrix, as in the usual GRU). */
function initialise(memory: Memory, { width }: Sizes, random: Random): void {
  const table = memory.f32("table");
  for (let n = 0; n < table.length; n++) table[n] = random.normal() / Math.sqrt(width);
  const { session, user, opening } = denseParts(memory.f32("dense"), width);
  for (const part of [session.input, session.recurrent, user.input, user.recurrent, opening]) {
    for (let n = 0; n < part.length; n++) part[n] = (2 * random.next() - 1) / Math.sqrt(width);
  }
}

/** Rises over the first twentieth of the steps, then falls along half a cosine to nothing. */
export function rateAt(step: number, steps: number, rate: number): number {
  const warm = Math.max(1, Math.ceil(steps / 20));
  if (step < warm) return (rate * (step + 1)) / warm;
  return 0.5 * rate * (1 + Math.cos((Math.PI * (step - warm)) / Math.max(1, steps - warm)));
}

export async function trainNetwork(task: NetworkTask, environment: TrainingEnvironment): Promise<Weights> {
  const { signal } = environment;
  signal.throwIfAborted();
  const sizes = sizesOf(task, environment.threads);
  const plan = planMemory(sizes);
  const shared = makeMemory(plan.bytes);
  const memory = bindMemory(plan, shared.buffer);
  const random = makeRandom(environment.seed);
  initialise(memory, sizes, random);
  const module = await WebAssembly.compile(await readFile(task.files.kernels));
  const crew = startCrew(task.files.worker, sizes.threads, {
    ...{ module, memory: shared, plan, sizes },
    program: "recurrent",
  });
  try {
    await runEpochs(task, environment, { memory, sizes, random, run: crew.run });
    return weightsOf(memory, sizes);
  } finally {
    await crew.stop();
  }
}

/** A copy: the memory goes on changing. */
const weightsOf = (memory: Memory, { side }: Sizes): Weights => ({
  table: memory.f32("table").slice(),
  dense: memory.f32("dense").slice(),
  ...(side && { side: memory.f32("side").slice() }),
});

interface Workshop {
  readonly memory: Memory;
  readonly sizes: Sizes;
  readonly random: Random;
  readonly run: (what: (typeof command)["step" | "update" | "refresh" | "settle"]) => void;
}

async function runEpochs(task: NetworkTask, environment: TrainingEnvironment, shop: Workshop): Promise<void> {
  const { memory, sizes, random, run } = shop;
  const { options, sequences } = task;
  const facts = memory.f32("facts");
  const lossOf = Array.from({ length: sizes.threads }, (_, p) => memory.f32("loss", p));
  const side = task.side && startSide(memory, trainingSizes(sizes), task.side, random);
  if (task.start) goOnFrom(task.start, memory);
  const batches = makeBatches(memory, sizes, { ...task, side, random });
  facts[fact.inputDropout] = options.inputDropout;
  facts[fact.outputDropout] = options.outputDropout;
  const perEpoch = Math.max(1, Math.ceil(sequences.events / (sizes.threads * sizes.lanes * sizes.steps)));
  let step = 0;
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    const lanes = spreadOverLanes(sequences, sizes.threads * sizes.lanes, random);
    let loss = 0;
    let events = 0;
    for (let p = 0; p < sizes.threads; p++) memory.f32("carried", p).fill(0);
    for (let first = 0; first < lanes.steps; first += sizes.steps) {
      const weight = batches.write(lanes, first);
      const rate = rateAt(Math.min(step, perEpoch * options.epochs - 1), perEpoch * options.epochs, options.rate);
      const plain = { rate, keepMean: 0.9, keepSquare: 0.999, epsilon: 1e-8, decay: options.decay, scale: 1 / weight };
      setAdam(facts, step, plain);
      if (side) run(command.refresh);
      run(command.step);
      run(command.update);
      if (side) run(command.settle);
      loss += lossOf.reduce((sum, values) => sum + values[0]!, 0);
      events += weight;
      step++;
      const fraction = (epoch - 1 + Math.min(1, (first + sizes.steps) / lanes.steps)) / options.epochs;
      environment.progress({ fraction, epoch, epochs: options.epochs, loss: loss / events });
      await pause(environment.signal);
    }
    task.afterEpoch?.(epoch, weightsOf(memory, sizes));
  }
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
