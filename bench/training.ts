/**
 * Training speed of aws-hrnn at hidden 128 on MovieLens-small (every rating, documented protocol) beside a plain GRU in PyTorch with a
 * full softmax (bench/reference/plain_gru.py), in one run and on the same threads. How an epoch grows with the data is measured by bench/scale.ts.
 *
 *   npm run bench training -- --seeds 5 --threads 2 --epochs 12
 *
 * `--epochs` are the reference's. Where python3-torch is absent the
 * comparison says "skipped: no torch". Events a second count predictions over the whole of `train`, the blend included.
 */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs, promisify } from "node:util";
import { projectRoot } from "../local/cloud/project-root.ts";
import { evaluate, makeQuery } from "../local/personalize/evaluation/evaluate.ts";
import { splitUsers } from "../local/personalize/evaluation/split.ts";
import type { LoadedData } from "../local/personalize/data/training-data.ts";
import { hrnn } from "../local/recipes/hrnn/recipe.ts";
import { usersWithin } from "../local/recipes/learnable.ts";
import { keepApart } from "../local/recipes/network/personalizer.ts";
import { defaultsOf } from "../local/recipes/parameters.ts";
import type { TrainingData, TrainingEnvironment } from "../local/recipes/recipe.ts";
import { hasMovieLens, movieLensSmall } from "./data/movielens.ts";
import { median } from "./recipes.ts";
import type { Row } from "./row.ts";

interface Run {
  readonly events: number; // predictions trained on
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly mrr25: number;
  readonly ndcg10: number;
}

interface Conditions {
  readonly seed: number;
  readonly threads: number;
  readonly epochs: number; // the reference's
}

const python = "/usr/bin/python3";
const hidden = 128;
const parameters = {
  ...defaultsOf(hrnn),
  hidden_dimension: String(hidden),
  max_user_history_length_percentile: "1.0", // all ratings
};

const environmentOf = (over: Pick<TrainingEnvironment, "seed" | "threads">): TrainingEnvironment => ({
  ...{ signal: new AbortController().signal, progress: () => {} },
  ...over,
});

/** Σ (length - 1) over the users that the network learns from. */
function predictionsOf(data: TrainingData, seed: number): number {
  const { learners } = keepApart(usersWithin(data, { min: 0, max: 1 }, 2), seed);
  return learners.reduce((sum, u) => sum + data.offsets[u + 1]! - data.offsets[u]! - 1, 0);
}

async function runOurs(data: LoadedData, { seed, threads }: Conditions): Promise<Run> {
  const { training, testUsers } = splitUsers(data, seed);
  let epochs = 0;
  const [began, processor] = [performance.now(), process.cpuUsage()];
  const model = await hrnn.train(training, parameters, {
    ...environmentOf({ seed, threads }),
    progress: (now) => (epochs = now.epoch),
  });
  const seconds = (performance.now() - began) / 1000;
  const processorSeconds = process.cpuUsage(processor).user / 1e6;
  const metrics = evaluate({ model, type: hrnn.type, data, testUsers });
  return {
    ...{ events: epochs * predictionsOf(training, seed), seconds, processorSeconds },
    mrr25: metrics["mean_reciprocal_rank_at_25"] ?? NaN,
    ndcg10: metrics["normalized_discounted_cumulative_gain_at_10"] ?? NaN,
  };
}

/** OpenBLAS settings of the machine's owner are for numpy; torch chooses better without them. */
const environmentOfTorch = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^OPENBLAS_(CORETYPE|L2_SIZE)$/.test(name)));

export const hasTorch = (): boolean =>
  spawnSync(python, ["-c", "import torch"], { env: environmentOfTorch(), stdio: "ignore" }).status === 0;

/** Usual values for such a network; not tuned. */
const referenceOptions = { hidden, batch: 32, length: 64, rate: 0.002, dropout: 0.3 };

async function runReference(data: LoadedData, { seed, threads, epochs }: Conditions): Promise<Run> {
  const { training, testUsers } = splitUsers(data, seed);
  const { offsets, item } = training;
  const histories = training.users.map((_, u) => [...item.subarray(offsets[u], offsets[u + 1])]);
  const tests = Array.from(testUsers, (u) => {
    const { query, truth } = makeQuery(data, u, "USER_PERSONALIZATION");
    return [[...(query.history?.item ?? [])], [...truth]];
  });
  const folder = mkdtempSync(join(tmpdir(), "outrank-reference-"));
  try {
    const task = join(folder, "task.json");
    const kept = histories.filter((history) => history.length > 1);
    const items = data.items.length;
    writeFileSync(task, JSON.stringify({ items, histories: kept, tests, ...referenceOptions, epochs, seed, threads }));
    const script = join(projectRoot(), "bench/reference/plain_gru.py");
    const { stdout } = await promisify(execFile)(python, [script, task], { env: environmentOfTorch() });
    return JSON.parse(stdout) as Run;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const speed = ({ events, seconds }: Run) => events / seconds;
const processorSpeed = ({ events, processorSeconds }: Run) => events / processorSeconds;

/** Median in the number's place, lowest to highest beside the unit. */
function row(what: string, values: readonly number[], unit: string, target: string, digits = 0): Row {
  const range = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits)).join(" to ");
  return { what, measured: median(values), unit: `${unit} (${range})`, target };
}

function rowsOf(who: string, runs: readonly Run[], targets: { speed: string; mrr25: string; ndcg10: string }): Row[] {
  return [
    row(`${who}, speed`, runs.map(speed), "events/s", targets.speed),
    row(`${who}, speed by processor time`, runs.map(processorSpeed), "events/s a core", ""),
    row(`${who}, MRR@25`, runs.map((run) => run.mrr25), "", targets.mrr25, 4), // prettier-ignore
    row(`${who}, nDCG@10`, runs.map((run) => run.ndcg10), "", targets.ndcg10, 4), // prettier-ignore
  ];
}

async function compare(seeds: readonly number[], threads: number, epochs: number): Promise<Row[]> {
  if (!hasMovieLens()) return [{ what: "comparison", measured: NaN, unit: "skipped: no data", target: "" }];
  const data = movieLensSmall();
  const isTorchHere = hasTorch();
  const [ours, reference]: [Run[], Run[]] = [[], []];
  for (const seed of seeds) {
    ours.push(await runOurs(data, { seed, threads, epochs }));
    if (isTorchHere) reference.push(await runReference(data, { seed, threads, epochs }));
  }
  const known = isTorchHere ? { mrr25: ">= PyTorch's", ndcg10: ">= PyTorch's" } : { mrr25: "", ndcg10: "" };
  const rows = rowsOf("aws-hrnn, hidden 128", ours, { speed: ">= 12,000", ...known });
  if (!isTorchHere)
    return [...rows, { what: "plain GRU in PyTorch", measured: NaN, unit: "skipped: no torch", target: "" }];
  const none = { speed: "", mrr25: "", ndcg10: "" };
  const ratios = ours.map((run, k) => speed(run) / speed(reference[k]!));
  const byProcessor = ours.map((run, k) => processorSpeed(run) / processorSpeed(reference[k]!));
  return [
    ...rows,
    ...rowsOf(`plain GRU in PyTorch, ${epochs} epochs`, reference, none),
    row("ratio of speeds", ratios, "times", ">= 5", 1),
    row("ratio of speeds by processor time", byProcessor, "times", "", 1),
  ];
}

export async function bench(args: readonly string[] = []): Promise<Row[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "5" },
      threads: { type: "string", default: "2" },
      epochs: { type: "string", default: "12" },
    },
  });
  const threads = Number(values.threads);
  const seeds = Array.from({ length: Number(values.seeds) }, (_, n) => n + 1);
  return compare(seeds, threads, Number(values.epochs));
}
