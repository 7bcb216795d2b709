/**
 * What was really done in an embedded cloud, at AWS's prices: the bill that the same calls would have made. Pure; the meter's rows
 * are the embedded Personalize's (/_outrank/meter).
 *
 *   a campaign    every window of five minutes is billed for the larger of its requests and minProvisionedTPS × its seconds
 *   a training    by the interactions (v2), or by hours of 4 vCPU and 8 GiB. This machine's hours say little about the service's,
 *                 which has a start-up of its own: they count where they are more than its public bills suggest
 */
import * as z from "zod";
import { type Bill, billOf, type BillLine, lineMaker } from "./bill.ts";
import { listPrices, type Prices } from "./prices.ts";
import { assumedHours, isBilledByInteractions } from "./run-cost.ts";

const of = { datasetGroupArn: z.string(), name: z.string() };
const Ready = z.object({
  ...of,
  kind: z.enum(["campaign", "recommender"]),
  ...{ arn: z.string(), recipe: z.string(), tps: z.number(), users: z.number() },
  ...{ from: z.number(), to: z.number().optional() },
});
type Ready = z.infer<typeof Ready>;

const Entry = z.discriminatedUnion("kind", [
  z.object({
    ...of,
    kind: z.literal("training"),
    ...{ at: z.number(), recipe: z.string(), hours: z.number(), interactions: z.number(), trainings: z.number() },
  }),
  z.object({ ...of, kind: z.enum(["import", "sent"]), at: z.number(), bytes: z.number() }),
  z.object({
    ...of,
    kind: z.literal("batch"),
    ...{ at: z.number(), job: z.enum(["inference", "segment"]), records: z.number(), users: z.number() },
  }),
  Ready,
]);
type Entry = z.infer<typeof Entry>;

const Window = z.object({ arn: z.string(), begin: z.number(), requests: z.number() });
type Window = z.infer<typeof Window>;

/** Instants are epoch milliseconds. */
export const Metered = z.object({ at: z.number(), entries: z.array(Entry), windows: z.array(Window) });
export type Metered = z.infer<typeof Metered>;

export type CostKind = "training" | "campaigns" | "recommenders" | "ingestion" | "batch jobs";

export interface ActualCost {
  /** ISO times of the first thing that is counted and the last. */
  readonly from: string;
  readonly to: string;
  readonly groups: readonly { readonly group: string; readonly bill: Bill }[];
  readonly kinds: Readonly<Record<CostKind, number>>;
  readonly usd: number;
}

export interface ActualOptions {
  readonly prices?: Prices;
  /** Only from this instant on. */
  readonly since?: number;
  /** Only this dataset group, by its name. */
  readonly group?: string;
  /** Bill training by the hours of this machine alone. */
  readonly measuredHours?: boolean;
}

interface Counting extends ActualOptions {
  readonly from: number;
  readonly to: number;
  readonly windows: readonly Window[];
}

const windowMs = 300_000;
const hourMs = 3_600_000;
const gigabyte = 2 ** 30;
const groupOf = ({ datasetGroupArn }: { readonly datasetGroupArn: string }) => datasetGroupArn.split("/").at(-1) ?? "";
const beginOf = (entry: Entry) => ("from" in entry ? entry.from : entry.at);

export function actualCost({ at, entries, windows }: Metered, options: ActualOptions = {}): ActualCost {
  const begins = entries.map(beginOf);
  const from = Math.min(Math.max(options.since ?? 0, Math.min(at, ...begins)), at);
  const counting = { ...options, from, to: at, windows };
  const counted = entries
    .filter((entry) => options.group === undefined || groupOf(entry) === options.group)
    .filter((entry) => ("from" in entry ? (entry.to ?? at) > from : entry.at >= from))
    .map((entry) => ({ group: groupOf(entry), ...lineOf(entry, counting) }));
  const groups = [...new Set(counted.map(({ group }) => group))].sort();
  const sumOf = (kind: CostKind) =>
    counted.filter((each) => each.kind === kind).reduce((sum, { line }) => sum + line.usd, 0);
  return {
    ...{ from: new Date(from).toISOString(), to: new Date(at).toISOString() },
    groups: groups.map((group) => ({ group, bill: billFor(counted.filter((each) => each.group === group)) })),
    kinds: {
      training: sumOf("training"),
      campaigns: sumOf("campaigns"),
      recommenders: sumOf("recommenders"),
      ingestion: sumOf("ingestion"),
      "batch jobs": sumOf("batch jobs"),
    },
    usd: counted.reduce((sum, { line }) => sum + line.usd, 0),
  };
}

interface Counted {
  readonly kind: CostKind;
  readonly line: BillLine;
}

const beyondRecommender = "requests to recommenders beyond what their users pay for";

const billFor = (counted: readonly Counted[]): Bill =>
  billOf(
    counted.map(({ line }) => line),
    counted.some(({ kind }) => kind === "recommenders") ? [beyondRecommender] : [],
  );

function lineOf(entry: Entry, counting: Counting): Counted {
  const line = lineMaker(counting.prices);
  switch (entry.kind) {
    case "training":
      return { kind: "training", line: trainingLine(entry, counting) };
    case "campaign":
      return { kind: "campaigns", line: campaignLine(entry, counting) };
    case "recommender": {
      const hours = (endOf(entry, counting) - beginIn(entry, counting)) / hourMs;
      const what = `recommender ${entry.name}: ${entry.users} users for ${rounded(hours)} h`;
      return { kind: "recommenders", line: line(what, entry.users * hours, "recommenderUserHours") };
    }
    case "batch": {
      const isSegment = entry.job === "segment";
      const quantity = isSegment ? entry.records * entry.users : entry.records;
      const assumed = isSegment ? "each query looks at all users" : null;
      const price = isSegment ? "segmentedUsers" : "batchUsers";
      return { kind: "batch jobs", line: line(`batch job ${entry.name}`, quantity, price, assumed) };
    }
    default: {
      const what = entry.kind === "import" ? `import ${entry.name}` : `sent records of ${dayOf(entry.at)}`;
      return { kind: "ingestion", line: line(what, entry.bytes / gigabyte, "ingestion") };
    }
  }
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const rounded = (value: number) => Number(value.toPrecision(3));

type Training = Extract<Entry, { kind: "training" }>;

function trainingLine({ name, recipe, hours, interactions, trainings }: Training, counting: Counting): BillLine {
  const line = lineMaker(counting.prices);
  const what = `training of ${name} (${recipe})${trainings > 1 ? `, ${trainings} trainings` : ""}`;
  if (isBilledByInteractions(recipe)) {
    const assumed = "interactions after the event filter; the service counts them before";
    return line(what, interactions * trainings, "trainedInteractions", assumed);
  }
  if (counting.measuredHours === true) return line(what, hours, "trainingHours", "as measured on this machine");
  const suggested = interactions > 0 ? assumedHours(recipe, interactions) * trainings : 0;
  const assumed = `the service's public bills suggest so for ${interactions} interactions; measured here: ${rounded(hours)}`;
  return suggested > hours
    ? line(what, suggested, "trainingHours", assumed)
    : line(what, hours, "trainingHours", "as measured on this machine");
}

const beginIn = ({ from }: Ready, counting: Counting) => Math.max(from, counting.from);
const endOf = ({ to }: Ready, counting: Counting) => Math.min(to ?? counting.to, counting.to);

function campaignLine(entry: Ready, counting: Counting): BillLine {
  const line = lineMaker(counting.prices ?? listPrices);
  const [begin, end] = [beginIn(entry, counting), endOf(entry, counting)];
  const floor = (entry.tps * (end - begin)) / 1000;
  let [asked, beyond] = [0, 0];
  for (const { arn, begin: window, requests } of counting.windows) {
    if (arn !== entry.arn || window + windowMs <= begin || window >= end) continue;
    const seconds = (Math.min(window + windowMs, end) - Math.max(window, begin)) / 1000;
    asked += requests;
    beyond += Math.max(0, requests - entry.tps * seconds);
  }
  const what = `campaign ${entry.name}: ${entry.tps} TPS for ${rounded((end - begin) / hourMs)} h, ${asked} requests`;
  if (!isBilledByInteractions(entry.recipe)) return line(what, floor + beyond, "requests");
  const idle = line(what, floor, "requests", "the floor of a v2 campaign is not known; that of the others is taken");
  const busy = line(what, asked, "requestsV2");
  return busy.usd > idle.usd ? busy : idle;
}
