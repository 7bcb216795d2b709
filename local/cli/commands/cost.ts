/**
 * `outrank cost`: what a run and a month cost under stated prices, for data as they were in the last run or as told; with --actual
 * what was really done.
 */
import { resolve } from "node:path";
import type { DatasetGroup } from "../../../pipeline/config/dataset-group.ts";
import type { OutrankConfig } from "../../../pipeline/config/outrank-config.ts";
import type { Bill } from "../../../pipeline/cost/bill.ts";
import { monthOfGroup, monthOfStack } from "../../../pipeline/cost/month-cost.ts";
import { type ExpectedData, plannedWork, unpredictable } from "../../../pipeline/cost/planned-work.ts";
import {
  listPrices,
  PriceFile,
  priceRegion,
  type Prices,
  pricesFrom,
  pricesOf,
} from "../../../pipeline/cost/prices.ts";
import { runCost } from "../../../pipeline/cost/run-cost.ts";
import { runsPerMonth } from "../../../pipeline/cost/runs-per-month.ts";
import { type Arguments, type Command, CommandFailure, type Io, UsageError } from "../command.ts";
import { connect, endpointOption, groupOption } from "../connection.ts";
import { readJson } from "../read-json.ts";
import { listRunIds, readRecord } from "../records.ts";
import { costText } from "../view/cost-text.ts";
import { tellActualCost } from "./cost-actual.ts";
import { configFile, configIn, stateOption } from "./up.ts";

export interface GroupCost {
  readonly group: string;
  /** Where the sizes come from. */
  readonly data: string;
  readonly runsPerMonth: number;
  readonly run: Bill;
  readonly month: Bill;
}

export interface CostReport {
  readonly pricesOf: string;
  readonly region: string;
  readonly groups: readonly GroupCost[];
  /** What the stack has once. */
  readonly stack: Bill;
  readonly usdPerMonth: number;
}

export const cost: Command = {
  summary: "estimate what a run and a month cost, or tell what was really done",
  options: {
    ...groupOption,
    config: { type: "string", value: "FILE", help: "the configuration (default: as for outrank up)" },
    rows: { type: "string", value: "N", help: "interactions (default: of the last run, else 1000000)" },
    bytes: { type: "string", value: "N", help: "of all files together (default: of the last run, else 40 a row)" },
    "training-hours": { type: "string", value: "H", help: "billed for each training (default: guessed from the rows)" },
    "runs-per-month": { type: "string", value: "N", help: "default: as the schedule says, else one a week" },
    "batch-users": { type: "string", value: "N", help: "users in each batch job's input (default: not counted)" },
    requests: { type: "string", value: "N", help: "recommendations a month (default: none beyond the TPS kept ready)" },
    actual: {
      type: "boolean",
      help: "what the embedded cloud has done so far, at AWS's prices, instead of an estimate",
    },
    since: { type: "string", value: "TIME", help: "with --actual: only from then on, e.g. 2026-11-24" },
    "measured-hours": { type: "boolean", help: "with --actual: bill trainings by this machine's hours alone" },
    prices: { type: "string", value: "FILE", help: "JSON with other prices: guides/cost.md" },
    json: { type: "boolean", help: "one JSON object instead of tables" },
    state: stateOption,
    ...endpointOption,
  },
  async run(args, io) {
    if (args.flag("actual")) return tellActualCost(args, io, pricesAsked(args, io));
    const config = configIn(configFile(args.text("config"), resolve(io.cwd, args.text("state") ?? "")));
    const { prices, date } = pricesAsked(args, io);
    const lastRuns = await lastRunsAt(args, io, config);
    const groups = groupsAsked(config, args).map((group) => costOf(group, args, lastRuns.get(group.name), prices));
    const stack = monthOfStack({ hasKey: config.encryption?.customerKey === "create" }, prices);
    const usdPerMonth = groups.reduce((sum, { month }) => sum + month.usd, stack.usd);
    const report: CostReport = { pricesOf: date, region: priceRegion, groups, stack, usdPerMonth };
    if (args.flag("json")) io.out(JSON.stringify(report));
    else costText(report, prices).forEach((line) => io.out(line));
    return 0;
  },
};

function pricesAsked(args: Arguments, io: Io): { readonly prices: Prices; readonly date: string } {
  const file = args.text("prices");
  if (file === undefined) return { prices: listPrices, date: pricesOf };
  const remedy = 'It wants {"date": "2026-11-24", "usd": {"trainingHours": 0.24}}; names are in guides/cost.md';
  const own = readJson(resolve(io.cwd, file), PriceFile, remedy);
  return { prices: pricesFrom(own), date: own.date };
}

function groupsAsked({ datasetGroups }: OutrankConfig, args: Arguments): readonly DatasetGroup[] {
  const name = args.text("group");
  if (name === undefined) return datasetGroups;
  const found = datasetGroups.filter((group) => group.name === name);
  if (found.length > 0) return found;
  throw new UsageError(
    `There is no dataset group "${name}". There are: ${datasetGroups.map((g) => g.name).join(", ")}`,
  );
}

interface LastRun {
  readonly runId: string;
  readonly bytes: number;
  readonly interactions: number;
}

/** Sizes of each group's newest run that read files. A cloud that is not there is no fault, unless it was named. */
async function lastRunsAt(args: Arguments, io: Io, config: OutrankConfig): Promise<ReadonlyMap<string, LastRun>> {
  const found = new Map<string, LastRun>();
  const connection = await connect(args, io).catch((error: unknown) => {
    const isNamed = args.text("endpoint") !== undefined || args.text("outputs") !== undefined;
    if (!isNamed && error instanceof CommandFailure) return null;
    throw error;
  });
  if (connection === null) return found;
  try {
    const { s3, deployed } = connection;
    for (const { name } of config.datasetGroups) {
      for (const id of (await listRunIds(s3, deployed.bucket, name)).slice(0, 10)) {
        const { inputs } = await readRecord(s3, deployed.bucket, name, id);
        const rows = inputs.filter(({ dataset }) => dataset === "interactions").map((file) => file.rows ?? 0);
        const interactions = rows.reduce((sum, count) => sum + count, 0);
        if (interactions === 0) continue;
        found.set(name, {
          runId: id,
          interactions,
          bytes: inputs.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0),
        });
        break;
      }
    }
    return found;
  } finally {
    connection.close();
  }
}

const usualRows = 1_000_000;
/** Of interactions with a user, an item, a time and an event type. */
const bytesPerRow = 40;
const weekly = 730 / (24 * 7);

function costOf(group: DatasetGroup, args: Arguments, last: LastRun | undefined, prices: Prices): GroupCost {
  const rows = args.number("rows", { min: 1 });
  const interactions = rows ?? last?.interactions ?? usualRows;
  const bytes =
    args.number("bytes", { min: 1 }) ?? (rows === undefined && last?.bytes ? last.bytes : interactions * bytesPerRow);
  const trainingHours = args.number("training-hours", { fraction: true }) ?? null;
  const expected: ExpectedData = { bytes, interactions, trainingHours, batchUsers: args.number("batch-users") };
  const run = runCost(plannedWork(group, expected), prices);
  const perMonth =
    args.number("runs-per-month", { fraction: true }) ?? (group.schedule ? runsPerMonth(group.schedule) : weekly);
  const isGuessed = args.text("runs-per-month") === undefined && group.schedule === undefined;
  const use = {
    ...{ runs: perMonth, runsAssumed: isGuessed ? "no schedule: a run a week" : null },
    ...{ storedBytes: bytes, requests: args.number("requests") ?? null },
  };
  const month = monthOfGroup(group, run, use, prices);
  return {
    ...{ group: group.name, data: dataSource(rows, last), runsPerMonth: perMonth, run },
    month: { ...month, notCounted: [...month.notCounted, ...unpredictable(group, expected)] },
  };
}

function dataSource(rows: number | undefined, last: LastRun | undefined): string {
  if (rows !== undefined) return "sizes as told";
  return last ? `sizes of run ${last.runId}` : "sizes assumed: no run to look at, and no --rows";
}
