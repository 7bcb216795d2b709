/**
 * Evaluates a recipe for segments (reference, section 6): what each user did last, a fifth of it, is the truth. Each item (or each
 * category of the items' attributes) that has a truth is asked for once; the segment is the most interested 1 % of all
 * users, at least one.
 *
 *   hits_at_1_percent     mean number of users in the segment who really interacted; may exceed 1
 *   recall_at_1_percent   mean share of those who really interacted that the segment holds
 *   coverage              distinct users in all segments / all users
 */
import type { Model, SegmentQuery, TrainingData } from "../../recipes/recipe.ts";
import { assertSameItems } from "./evaluate.ts";
import type { Metrics } from "./evaluate.ts";
import { roundMetric } from "./metrics.ts";
import { hashId, segmentTruthCount } from "./split.ts";

export interface SegmentTest {
  readonly query: SegmentQuery;
  /** The users to be found. */
  readonly truth: ReadonlySet<number>;
}

/** So many are asked at most, drawn by their names and a seed. */
const mostQueries = 1000;

export const segmentSize = (users: number): number => Math.max(1, Math.ceil(users / 100));

/** Calls back with the user and item of every interaction that is truth. */
function eachTruth(data: TrainingData, call: (user: number, item: number) => void): void {
  for (let u = 0; u < data.users.length; u++) {
    const to = data.offsets[u + 1] as number;
    const n = to - (data.offsets[u] as number);
    for (let row = to - segmentTruthCount(n); row < to; row++) call(u, data.item[row] as number);
  }
}

type Asked = Pick<SegmentQuery, "item" | "attributes">;

function collect(
  data: TrainingData,
  namesOf: (item: number) => readonly { readonly name: string; readonly asked: Asked }[],
): Map<string, { asked: Asked; truth: Set<number> }> {
  const found = new Map<string, { asked: Asked; truth: Set<number> }>();
  eachTruth(data, (user, item) => {
    for (const { name, asked } of namesOf(item)) {
      const known = found.get(name) ?? { asked, truth: new Set<number>() };
      known.truth.add(user);
      found.set(name, known);
    }
  });
  return found;
}

/** Every category of the item, in every categorical column. */
function attributesOf(data: TrainingData, item: number) {
  return data.itemColumns.flatMap((column) => {
    if (column.kind !== "categorical") return [];
    const codes = column.codes.subarray(column.offsets[item], column.offsets[item + 1]);
    return Array.from(codes, (code) => {
      const value = column.categories[code] as string;
      return { name: `${column.name} ${value}`, asked: { attributes: [[{ column: column.name, value }]] } };
    });
  });
}

/** @param by what a segment is asked with: one item, or one attribute of items */
export function segmentTests(data: TrainingData, by: "item" | "attribute", seed: number): SegmentTest[] {
  const oneItem = (item: number) => [{ name: data.items[item] as string, asked: { item } }];
  const found = collect(data, by === "item" ? oneItem : (item) => attributesOf(data, item));
  const order = [...found.keys()].sort((a, b) => hashId(a, seed) - hashId(b, seed) || (a < b ? -1 : 1));
  const count = segmentSize(data.users.length);
  return order.slice(0, mostQueries).map((name) => {
    const { asked, truth } = found.get(name) as { asked: Asked; truth: Set<number> };
    return { query: { ...asked, count }, truth };
  });
}

export interface SegmentEvaluation {
  ask(test: SegmentTest): void;
  metrics(): Metrics;
}

export function createSegmentEvaluation(model: Model, data: TrainingData): SegmentEvaluation {
  assertSameItems(model, data);
  const segmented = new Set<number>();
  let [queries, hits, recall] = [0, 0, 0];
  return {
    ask({ query, truth }) {
      const segment = new Set((model.segment?.(query) ?? []).slice(0, query.count).map(({ user }) => user));
      const found = [...segment].filter((user) => truth.has(user)).length;
      for (const user of segment) segmented.add(user);
      queries++;
      hits += found;
      recall += found / truth.size;
    },
    metrics: () => ({
      coverage: roundMetric(segmented.size / Math.max(1, data.users.length)),
      hits_at_1_percent: roundMetric(hits / Math.max(1, queries)),
      recall_at_1_percent: roundMetric(recall / Math.max(1, queries)),
    }),
  };
}
