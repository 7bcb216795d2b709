/**
 * Filters over 100,000 items: what a request pays for its bitmap, beside asking each item by itself (the same expressions, the
 * same metadata in memory). Medians of many requests; the first of each kind, which reads the columns, is told apart.
 */
import { performance } from "node:perf_hooks";
import { columnOf } from "../local/personalize/filters/compile-filter.ts";
import type { Interaction, JobRunner, Metadata } from "../local/personalize/job-runner.ts";
import { createFiltering } from "../local/personalize/serving/filtering.ts";
import type { Row } from "./row.ts";

const size = 100_000;
const ids = Array.from({ length: size }, (_, n) => `i${n}`);
const position = (id: string) => Number(id.slice(1));
const rows: Metadata[] = ids.map((_, n) => ({
  GENRE: `g${n % 20}|h${n % 7}`,
  PRICE: n % 500,
  CREATION_TIMESTAMP: 1_700_000_000 + n,
}));
const interactions: Interaction[] = Array.from({ length: 600 }, (_, n) => ({
  itemId: `i${(n * 7919) % size}`,
  timestamp: n,
  eventType: ["View", "Click", "Purchase"][n % 3] ?? "",
}));

/** Metadata in memory: neither way reads a disk. */
const jobs = {
  interactionsOf: (_group: string, userId: string) => (userId === "fresh" ? [...interactions] : interactions),
  actionInteractionsOf: () => [],
  metadataOf: (_group: string, _type: string, id: string) => rows[position(id)],
  metadataColumn: (_group: string, _type: string, given: readonly string[], column: string) =>
    given.map((id) => columnOf(rows[position(id)], column)),
  metadataChanges: () => ({ revision: 1, ids: [] }),
} as unknown as JobRunner; // what filters ask of a data plane, and nothing else

const cases = [
  { what: "one price, a new one each time", text: "INCLUDE ItemID WHERE Items.PRICE <= $P" },
  {
    what: "two of 27 genres and a price, new each time",
    text: "INCLUDE ItemID WHERE Items.GENRE IN ($G) AND Items.PRICE < $P",
  },
  {
    what: "an OR of four conditions, new each time",
    text: "EXCLUDE ItemID WHERE Items.PRICE < $P AND Items.GENRE IN ($G) OR Items.PRICE > $Q AND Items.CREATION_TIMESTAMP > 1700050000",
  },
  {
    what: "what a user has seen, a new user each time",
    text: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
    userId: "fresh",
  },
  {
    what: "cheap and unseen, the same values again",
    text: 'INCLUDE ItemID WHERE Items.PRICE <= 100 | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
  },
] as const;

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;

function timed(times: number, run: (n: number) => unknown): number[] {
  return Array.from({ length: times }, (_, n) => {
    const begin = performance.now();
    run(n);
    return performance.now() - begin;
  });
}

export function bench(): Row[] {
  const { compiled, allowed, allows } = createFiltering(jobs);
  return cases.flatMap((one) => {
    const { what, text } = one;
    const about = { datasetGroupArn: "arn:bench:dataset-group/bench", userId: "userId" in one ? one.userId : "u" };
    const values = (n: number) =>
      Object.fromEntries(
        [
          ["P", String(100 + n / 7)],
          ["Q", String(450 + n / 99)],
          ["G", `"g${n % 20}","h${n % 7}"`],
        ].filter(([name]) => text.includes(`$${name}`)),
      );
    const filter = (n: number) => compiled(text, values(n), "ItemID");
    const ask = (n: number) => allowed(filter(n), { ids, position }, about);
    const [first = NaN] = timed(1, ask);
    timed(200, ask);
    const bitmap = median(timed(300, (n) => ask(n + 1000)));
    const oneByOne = median(timed(3, (n) => ids.filter((id) => allows(filter(n), id, about)).length));
    return [
      { what, measured: bitmap, unit: "ms", target: "<= 1" },
      { what: "  the first time", measured: first, unit: "ms", target: "" },
      { what: "  item by item", measured: oneByOne, unit: "ms", target: "" },
    ];
  });
}
