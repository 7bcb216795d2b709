/**
 * Opening a trained version for serving: 100,000 items 128 wide, and the histories of 100,000 or 1,000,000 users, ten events each.
 * The files are as a training writes them; the recipe is the least that could be served (items' names and vectors).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createStreamedEvents } from "../local/personalize/data/streamed-rows.ts";
import type { ServingModel } from "../local/personalize/job-runner.ts";
import { writeModel } from "../local/personalize/jobs/model-files.ts";
import { openServingModel } from "../local/personalize/jobs/serving-model.ts";
import { bytesOf, bytesOfJson, floats, json } from "../local/recipes/blobs.ts";
import { popularityCount } from "../local/recipes/popularity-count/recipe.ts";
import type { Model, Recipe, TrainingData } from "../local/recipes/recipe.ts";
import type { Row } from "./row.ts";

const [itemCount, width, eventsPerUser] = [100_000, 128, 10];

/** Keeps the vectors at hand, as every recipe with a network does. */
const vectors: Recipe = {
  ...popularityCount,
  name: "bench-vectors",
  load: (blobs): Model => {
    const table = floats(blobs, "vectors");
    return {
      ...{ recipe: "bench-vectors", items: json<string[]>(blobs, "items"), eventTypes: [""] },
      recommend: ({ count }) => Array.from({ length: count }, (_, item) => ({ item, score: table[item * width]! })),
      rank: () => [],
    };
  },
};

function dataOf(users: number): TrainingData {
  const events = users * eventsPerUser;
  return {
    users: Array.from({ length: users }, (_, u) => `user-${u}`),
    items: Array.from({ length: itemCount }, (_, i) => `item-${i}`),
    offsets: Uint32Array.from({ length: users + 1 }, (_, u) => u * eventsPerUser),
    item: Uint32Array.from({ length: events }, (_, n) => (n * 7919) % itemCount),
    timestamp: Float64Array.from({ length: events }, (_, n) => 1_700_000_000 + n),
    eventType: new Uint16Array(events),
    eventTypes: [""],
    eventValue: new Float32Array(events),
    ...{ contextColumns: [], itemColumns: [], userColumns: [] },
    itemCreated: new Float64Array(itemCount),
  };
}

interface Cost {
  readonly wall: number; // milliseconds
  /** Milliseconds of processor, user's and system's: the wall clock of an idle machine. */
  readonly processor: number;
}

function costOf(work: () => void): Cost {
  const [began, before] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - began, processor: (user + system) / 1000 };
}

const row = (what: string, { wall, processor }: Cost, target = ""): Row => ({
  ...{ what, measured: processor, unit: `ms of processor (${Math.round(wall)} ms by the clock)`, target },
});

function measure(users: number): Row[] {
  const dataDir = mkdtempSync(join(tmpdir(), "outrank-bench-"));
  try {
    const data = dataOf(users);
    const solutionVersionArn = "arn:bench:solution/models/00000000";
    const result = { metrics: {}, trainingHours: 1, users, items: itemCount, interactions: data.item.length };
    const manifest = { solutionVersionArn, datasetGroupArn: "arn:bench", recipe: vectors.name, filter: {}, result };
    const blobs = { vectors: bytesOf(new Float32Array(itemCount * width)), items: bytesOfJson(data.items) };
    const writing = costOf(() => writeModel(dataDir, manifest, blobs, data));
    const ports = { dataDir, recipes: { [vectors.name]: vectors }, events: createStreamedEvents };
    let serving: ServingModel | undefined;
    const opening = costOf(() => (serving = openServingModel(solutionVersionArn, ports)));
    const first = costOf(() => serving?.history(`user-${users - 1}`));
    serving?.close();
    const what = `model of 100,000 items, ${users.toLocaleString("en-US")} users`;
    return [
      row(`${what}: opening`, opening, "< 1000"),
      row(`${what}: first history`, first),
      row(`${what}: writing`, writing),
    ];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export const bench = (): Row[] => [100_000, 1_000_000].flatMap(measure);
