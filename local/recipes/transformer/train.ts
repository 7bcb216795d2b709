/**
 * Trains the transformer: epochs of shuffled windows, a batch at a time on a crew of threads. Pauses between batches, so that an abort is
 * honoured within one batch (some ten milliseconds).
 */
import { readFile } from "node:fs/promises";
import { makeMemory } from "../../kernels/kernels.ts";
import { adamOptions } from "../../kernels/optimizer.ts";
import { rateAt } from "../network/epochs.ts";
import type { TrainingFiles } from "../network/train.ts";
import { makeRandom, type Random } from "../network/random.ts";
import type { LinearPart } from "../parallel/linear.ts";
import { startCrew, type Crew } from "../parallel/crew.ts";
import { bindMemory, type Memory } from "../parallel/plan.ts";
import { command } from "../parallel/program.ts";
import { fact } from "../parallel/training-memory.ts";
import { pause } from "../pause.ts";
import type { TrainingData, TrainingEnvironment } from "../recipe.ts";
import { makeBatches } from "./batch.ts";
import { featureCount, rowCount, type Vocabulary } from "./events.ts";
import { denseParts, planMemory, type Shape, type Sizes } from "./layout.ts";
import { predictions, streamOf } from "./windows.ts";

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
}

/** What training yields and serving needs. */
export interface Weights {
  readonly table: Float32Array; // (R, H)
  readonly dense: Float32Array;
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
}

function sizesOf({ vocabulary, options }: TransformerTask, available: number): Sizes {
  const threads = Math.max(1, Math.min(available, options.lanes));
  const lanes = Math.ceil(options.lanes / threads);
  const rows = rowCount(vocabulary);
  const candidates = Math.min(vocabulary.items, options.candidates);
  const positions = lanes * options.steps * threads;
  const { width, heads, blocks, inner, steps } = options;
  return {
    ...{ items: vocabulary.items, rows, threads, features: featureCount, width, heads, blocks, inner, steps },
    ...{ lanes, candidates, rowMoments: false },
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
  const crew = startCrew(task.files.worker, sizes.threads, {
    ...{ module, memory: shared, plan, sizes },
    program: "transformer",
  });
  try {
    await runEpochs(task, environment, { memory, sizes, random, run: crew.run });
    return { table: memory.f32("table").slice(), dense: memory.f32("dense").slice() };
  } finally {
    await crew.stop();
  }
}

interface Workshop {
  readonly memory: Memory;
  readonly sizes: Sizes;
  readonly random: Random;
  readonly run: Crew["run"];
}

async function runEpochs(task: TransformerTask, environment: TrainingEnvironment, shop: Workshop): Promise<void> {
  const { memory, sizes, random, run } = shop;
  const { options, data, users } = task;
  const facts = memory.f32("facts");
  const lossOf = Array.from({ length: sizes.threads }, (_, p) => memory.f32("loss", p));
  const batches = makeBatches(memory, sizes, { ...task, random });
  facts[fact.inputDropout] = options.inputDropout;
  facts[fact.outputDropout] = options.outputDropout;
  facts[fact.tableRate] = options.tableRate;
  facts[fact.branchDropout] = options.branchDropout;
  const size = sizes.threads * sizes.lanes * sizes.steps;
  const events = users.reduce((sum, u) => sum + predictions(data.offsets, u), 0);
  const perEpoch = Math.max(1, Math.ceil(events / size));
  let step = 0;
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    const stream = streamOf(data.offsets, users, random);
    let loss = 0;
    let seen = 0;
    for (let first = 0; first < stream.event.length; first += size) {
      const weight = batches.write(stream, first);
      const rate = rateAt(step, perEpoch * options.epochs, options.rate);
      const plain = { rate, keepMean: 0.9, keepSquare: 0.999, epsilon: 1e-8, decay: options.decay, scale: 1 / weight };
      setAdam(facts, step, plain);
      run(command.step);
      run(command.update);
      loss += lossOf.reduce((sum, values) => sum + values[0]!, 0);
      seen += weight;
      step++;
      const fraction = (epoch - 1 + Math.min(1, (first + size) / stream.event.length)) / options.epochs;
      environment.progress({ fraction, epoch, epochs: options.epochs, loss: loss / seen });
      await pause(environment.signal);
    }
  }
}

function setAdam(facts: Float32Array, step: number, plain: Parameters<typeof adamOptions>[1]): void {
  const options = adamOptions(step + 1, plain);
  facts[fact.step] = step;
  for (const name of ["rate", "keepMean", "keepSquare", "epsilon", "decay", "scale"] as const) {
    facts[fact[name]] = options[name];
  }
}
