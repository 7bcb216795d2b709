/** Sets up the recurrent network's training: memory, first weights, a crew of threads. The epochs themselves: epochs.ts. */
import { readFile } from "node:fs/promises";
import { makeMemory } from "../../kernels/kernels.ts";
import { sideSizes, type SideInputs } from "../features/side-batches.ts";
import { UnlearnableDataError } from "../learnable.ts";
import { startCrew } from "../parallel/crew.ts";
import { bindMemory, type Memory } from "../parallel/plan.ts";
import { ordersOf } from "../parallel/program.ts";
import type { TrainingEnvironment, TrainingProgress } from "../recipe.ts";
import { denseParts } from "./dense.ts";
import { runEpochs, weightsOf } from "./epochs.ts";
import { planMemory, type Sizes } from "./layout.ts";
import { makeRandom, type Random } from "./random.ts";
import { featureCount, rowCount, type Sequences, type Vocabulary } from "./sequences.ts";

export { rateAt } from "./epochs.ts";

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
  /** A look at users kept apart, after each epoch. */
  readonly metric?: (weights: Weights) => TrainingProgress["metric"];
  /** Called after each epoch; false ends the training. */
  readonly afterEpoch?: (epoch: number, weights: () => Weights) => boolean;
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
  const crew = await startCrew(task.files.worker, sizes.threads, {
    ...{ module, memory: shared, plan, sizes },
    program: "recurrent",
  });
  try {
    await runEpochs(task, environment, { plan, memory, sizes, random, run: crew.run, orders: ordersOf(sizes) });
    const weights = weightsOf(memory, sizes);
    if (!weights.dense.every(Number.isFinite)) throw new UnlearnableDataError(diverged);
    return weights;
  } finally {
    await crew.stop();
  }
}

const diverged =
  "The network's weights grew beyond all bounds: look for extreme weights of events (eventsConfig), or choose a smaller hidden_dimension";
