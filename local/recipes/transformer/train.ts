/**
 * Trains the transformer: epochs of shuffled windows, a batch at a time on a crew of threads. Pauses between batches, so that an abort is
 * honoured within one batch (some ten milliseconds). After each epoch: a look at users kept apart, the watcher, a checkpoint.
 */
import { readFile } from "node:fs/promises";
import { makeMemory } from "../../kernels/kernels.ts";
import { adamOptions } from "../../kernels/optimizer.ts";
import { sideSizes, startSide, type SideInputs } from "../features/side-batches.ts";
import { rateAt, weightsOf } from "../network/epochs.ts";
import type { TrainingFiles, Weights } from "../network/train.ts";
import { makeRandom, type Random } from "../network/random.ts";
import type { LinearPart } from "../parallel/linear.ts";
import { startCrew, type Crew } from "../parallel/crew.ts";
import { loadState, saveState } from "../parallel/checkpoint.ts";
import { bindMemory, type Memory, type Plan } from "../parallel/plan.ts";
import { ordersOf, type Order } from "../parallel/program.ts";
import { fact } from "../parallel/training-memory.ts";
import { UnlearnableDataError } from "../learnable.ts";
import { pause } from "../pause.ts";
import type { TrainingData, TrainingEnvironment, TrainingProgress } from "../recipe.ts";
import { makeBatches, type BatchMaker } from "./batch.ts";
import { featureCount, rowCount, type Vocabulary } from "./events.ts";
import { denseParts, planMemory, trainingSizes, type Shape, type Sizes } from "./layout.ts";
import { streamOf } from "./windows.ts";

export interface TransformerOptions extends Shape {
  readonly lanes: number; // windows of a batch, by all threads together
  readonly epochs: number;
  readonly rate: number;
  readonly tableRate: number; // of the embeddings, in rates
  readonly decay: number;
  readonly inputDropout: number;
  readonly branchDropout: number;
  readonly outputDropout: number;
  /** Candidates of the sampled softmax; at least the number of items = full softmax. */
  readonly candidates: number;
  /** Adagrad with one moment a row for the table instead of Adam: a third of the memory, for the largest catalogues. */
  readonly rowMoments: boolean;
}

export interface TransformerTask {
  readonly data: TrainingData;
  readonly users: Uint32Array; // who is learnt from
  readonly weight: Float32Array; // (N)
  readonly vocabulary: Vocabulary;
  readonly prior: Float32Array;
  readonly proposal: Float64Array;
  readonly options: TransformerOptions;
  readonly files: TrainingFiles;
  readonly side?: SideInputs;
  /** How good the weights are on users kept apart; asked after each epoch. */
  readonly metric?: (weights: Weights) => TrainingProgress["metric"];
  /** Called after each epoch; false ends the training. */
  readonly afterEpoch?: (epoch: number, weights: () => Weights) => boolean;
}

/** Of Adagrad, in rates: its first step is the rate itself, as Adam's is, and then they shrink. */
const rowRate = 4;

function sizesOf({ vocabulary, options, side }: TransformerTask, available: number): Sizes {
  const threads = Math.max(1, Math.min(available, options.lanes));
  const lanes = Math.ceil(options.lanes / threads);
  const rows = rowCount(vocabulary);
  const candidates = Math.min(vocabulary.items, options.candidates);
  const positions = lanes * options.steps * threads;
  const { width, heads, blocks, inner, steps } = options;
  return {
    ...{ items: vocabulary.items, rows, threads, features: featureCount, width, heads, blocks, inner, steps },
    ...{ lanes, candidates, rowMoments: options.rowMoments },
    ...(side && { side: sideSizes(side) }),
    touched: candidates === vocabulary.items ? rows : Math.min(rows, candidates + featureCount * positions),
  };
}

/** Embeddings N(0, 1/H); layers N(0, 1/inputs), those that end a branch smaller by √(2K); gains 1; biases 0. */
function initialise(memory: Memory, sizes: Sizes, random: Random): void {
  const { width: H, inner: F } = sizes;
  const table = memory.f32("table");
  for (let n = 0; n < table.length; n++) table[n] = random.normal() / Math.sqrt(H);
  const { blocks, norm, head } = denseParts(memory.f32("dense"), sizes);
  const ending = 0.1;
  const fill = ({ weights }: LinearPart, scale: number) =>
    weights.forEach((_, n) => (weights[n] = scale * random.normal()));
  fill(head, 1 / Math.sqrt(H));
  for (const block of blocks) {
    block.attentionNorm.gain.fill(1);
    block.innerNorm.gain.fill(1);
    fill(block.qkv, 1 / Math.sqrt(H));
    fill(block.mix, ending / Math.sqrt(H));
    fill(block.up, 1 / Math.sqrt(H));
    fill(block.down, ending / Math.sqrt(F));
  }
  norm.gain.fill(1);
}

export async function trainTransformer(task: TransformerTask, environment: TrainingEnvironment): Promise<Weights> {
  environment.signal.throwIfAborted();
  const sizes = sizesOf(task, environment.threads);
  const plan = planMemory(sizes);
  const shared = makeMemory(plan.bytes);
  const memory = bindMemory(plan, shared.buffer);
  const random = makeRandom(environment.seed);
  initialise(memory, sizes, random);
  const module = await WebAssembly.compile(await readFile(task.files.kernels));
  const crew = await startCrew(task.files.worker, sizes.threads, {
    ...{ module, memory: shared, plan, sizes },
    program: "transformer",
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
  "The network's weights grew beyond all bounds: look for extreme weights of events (eventsConfig), which only count in ratio";

interface Workshop {
  readonly plan: Plan;
  readonly memory: Memory;
  readonly sizes: Sizes;
  readonly random: Random;
  readonly run: Crew["run"];
  readonly orders: readonly Order[];
}

async function runEpochs(task: TransformerTask, environment: TrainingEnvironment, shop: Workshop): Promise<void> {
  const { plan, memory, sizes, random } = shop;
  const { options } = task;
  const side = task.side && startSide(memory, trainingSizes(sizes), task.side, random);
  const batches = makeBatches(memory, sizes, { ...task, side, random });
  const facts = memory.f32("facts");
  for (const name of ["inputDropout", "outputDropout", "branchDropout", "tableRate"] as const) {
    facts[fact[name]] = options[name];
  }
  const { checkpoints } = environment;
  const begun = (checkpoints && loadState(checkpoints, plan, memory, random)) ?? { epoch: 0, step: 0, ended: false };
  let { step, ended } = begun;
  let metric: TrainingProgress["metric"];
  for (let epoch = begun.epoch + 1; epoch <= options.epochs && !ended; epoch++) {
    const report = (done: number, loss: number) => {
      const fraction = (epoch - 1 + done) / options.epochs;
      environment.progress({ fraction, epoch, epochs: options.epochs, loss, ...(metric && { metric }) });
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
async function runEpoch({ data, users, options }: TransformerTask, signal: AbortSignal, epoch: Epoch) {
  const { memory, sizes, batches, run, orders, report } = epoch;
  const facts = memory.f32("facts");
  const lossOf = Array.from({ length: sizes.threads }, (_, p) => memory.f32("loss", p));
  const stream = streamOf(data.offsets, users, epoch.random);
  const size = sizes.threads * sizes.lanes * sizes.steps;
  const allSteps = Math.max(1, Math.ceil(stream.event.length / size)) * options.epochs;
  let { step } = epoch;
  let loss = 0;
  let events = 0;
  for (let first = 0; first < stream.event.length; first += size) {
    const weight = batches.write(stream, first);
    const rate = rateAt(step, allSteps, options.rate);
    const scale = weight > 0 ? 1 / weight : 0;
    setAdam(facts, step, { rate, keepMean: 0.9, keepSquare: 0.999, epsilon: 1e-8, decay: options.decay, scale });
    facts[fact.rowRate] = rowRate * rate;
    orders.forEach(run);
    loss += lossOf.reduce((sum, values) => sum + values[0]!, 0);
    events += weight;
    step++;
    report(Math.min(1, (first + size) / stream.event.length), events > 0 ? loss / events : 0);
    await pause(signal);
  }
  return { steps: step, loss: events > 0 ? loss / events : 0 };
}

function setAdam(facts: Float32Array, step: number, plain: Parameters<typeof adamOptions>[1]): void {
  const options = adamOptions(step + 1, plain);
  facts[fact.step] = step;
  for (const name of ["rate", "keepMean", "keepSquare", "epsilon", "decay", "scale"] as const) {
    facts[fact[name]] = options[name];
  }
}
