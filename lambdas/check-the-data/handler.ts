/** Reads every pinned file once, row by row, against its schema and the minimums, before any money is spent. */
import * as z from "zod";
import { acceptedKey, importedKey, knownKey, stagingPrefix } from "../../pipeline/naming/bucket-layout.ts";
import type { Sample } from "../../pipeline/gate/evidence.ts";
import type { Known } from "../../pipeline/gate/judge-trial.ts";
import { type ImportedFiles, WantedImport } from "../../pipeline/planning/imports.ts";
import { settleImports } from "../../pipeline/planning/settle-imports.ts";
import { Input as RunInput } from "../../pipeline/planning/inputs.ts";
import { type Contest, Run } from "../../pipeline/planning/run.ts";
import { createCsvReader } from "../../pipeline/preflight/csv.ts";
import {
  createDatasetCheck,
  type DatasetExpected,
  type DatasetReport,
  type RowListener,
} from "../../pipeline/preflight/dataset-check.ts";
import { createSampleCount, largerOf, minimumFaults, type SampleCount } from "../../pipeline/preflight/sample-count.ts";
import { Accepted, shrinkFaults } from "../../pipeline/preflight/shrink-guard.ts";
import type { Bucket } from "../lib/bucket.ts";

const Input = z.object({ run: Run, inputs: z.array(RunInput), imports: z.array(WantedImport), now: z.string() });

export interface CheckTheDataDeps {
  readonly bucket: Pick<Bucket, "text" | "read" | "write" | "copy">;
}

export interface Checks {
  readonly isAccepted: boolean;
  /** All faults in one text, for the failure's cause; empty when accepted. */
  readonly summary: string;
  readonly reports: readonly DatasetReport[];
  /** By solution, after its event filter. */
  readonly samples: Readonly<Record<string, Sample>>;
  /** What is to be imported, now that the rows are counted; staged where it is not a whole folder. */
  readonly imports: readonly WantedImport[];
  /** All that is new is too little for an import, so the run ends without one. */
  readonly isTooLittle: boolean;
  readonly warnings: readonly string[];
}

const smokeTestUsers = 5;
const popularItems = 1000;
/** Step Functions keeps 32 KiB of a cause; people read less. */
const summaryLimit = 4000;

async function checkDataset(
  { bucket }: CheckTheDataDeps,
  dataset: DatasetExpected,
  input: RunInput,
  onRow: RowListener,
): Promise<DatasetReport> {
  const check = createDatasetCheck(dataset, onRow);
  for (const { key, versionId } of input.files) {
    const file = check.file(key);
    const reader = createCsvReader((fields, line) => file.row(fields, line));
    for await (const piece of bucket.text(key, versionId)) reader.push(piece);
    reader.end();
    file.end();
  }
  return check.report();
}

/** Contests with the same event filter share one count. */
function countsOf(contests: readonly Contest[]): ReadonlyMap<string, SampleCount> {
  const shared = new Map<string, SampleCount>();
  return new Map(
    contests.map(({ solution, eventFilter }) => {
      const key = JSON.stringify(eventFilter);
      const count = shared.get(key) ?? createSampleCount(eventFilter);
      shared.set(key, count);
      return [solution, count];
    }),
  );
}

function summaryOf(faults: readonly string[]): string {
  const text = faults.join("\n");
  return text.length <= summaryLimit ? text : `${text.slice(0, summaryLimit)}...`;
}

async function reportsOf(
  deps: CheckTheDataDeps,
  { run, inputs, now }: z.infer<typeof Input>,
  onInteraction: RowListener,
): Promise<DatasetReport[]> {
  const { futureHours, maxDuplicates } = run.dataChecks;
  const latest = Date.parse(now) / 1000 + futureHours * 3600;
  const reports: DatasetReport[] = [];
  for (const dataset of run.datasets) {
    const input = inputs.find(({ type }) => type === dataset.type);
    if (!input) continue;
    const isMeasured = run.quality.some(({ type }) => type === dataset.type);
    const listen = dataset.type === "interactions" ? onInteraction : () => undefined;
    reports.push(await checkDataset(deps, { ...dataset, latest, maxDuplicates, isMeasured }, input, listen));
  }
  return reports;
}

/** The last run whose data were imported. */
async function acceptedBefore({ bucket }: CheckTheDataDeps, run: Run): Promise<Accepted | null> {
  return Accepted.safeParse((await bucket.read(acceptedKey(run.group)))?.value).data ?? null;
}

/** Puts what is new where nothing else lies, and notes for later runs which files each job was made from. */
async function stage(
  { bucket }: CheckTheDataDeps,
  { run, inputs }: z.infer<typeof Input>,
  imports: readonly WantedImport[],
): Promise<void> {
  for (const { type, mode, jobName, files } of imports) {
    for (const [at, { key, versionId }] of files.entries()) {
      const name = key.slice(key.lastIndexOf("/") + 1);
      await bucket.copy(key, versionId, `${stagingPrefix(run.group, jobName)}${at}-${name}`);
    }
    const all = mode === "INCREMENTAL" ? files : (inputs.find((input) => input.type === type)?.files ?? []);
    const made: ImportedFiles = { type, mode, files: all.map(({ key, etag }) => ({ key, etag })) };
    await bucket.write(importedKey(run.group, jobName), made);
  }
}

/** An INCREMENTAL import adds to what is there, so what was counted then counts still. */
function samplesOf(counts: ReadonlyMap<string, SampleCount>, run: Run, last: Accepted | null): Record<string, Sample> {
  const adds = run.datasets.some(({ type, importMode }) => type === "interactions" && importMode === "INCREMENTAL");
  return Object.fromEntries(
    [...counts].map(([solution, count]) => {
      const before = adds ? last?.samples[solution] : undefined;
      return [solution, before === undefined ? count.sample() : largerOf(count.sample(), before)];
    }),
  );
}

export const makeHandler =
  (deps: CheckTheDataDeps) =>
  async (event: unknown): Promise<Checks> => {
    const input = Input.parse(event);
    const { run } = input;
    const counts = countsOf(run.contests);
    const distinct = [...new Set(counts.values())];
    const reports = await reportsOf(deps, input, (value) => distinct.forEach((count) => count.listen(value)));
    const last = await acceptedBefore(deps, run);
    const samples = samplesOf(counts, run, last);
    const settled = settleImports(input.imports, reports);
    const replaced = reports.filter(({ type }) => isReplaced(run, type));
    const shrunk = run.options.acceptShrink ? [] : shrinkFaults(replaced, last, run.dataChecks);
    const faults = [...reports.flatMap((report) => report.faults), ...shrunk, ...settled.faults];
    const tooFew = run.contests.flatMap((contest) =>
      minimumFaults(contest.solution, samples[contest.solution] ?? nothing, contest.policy),
    );
    const all = faults.length > 0 ? faults : tooFew; // broken rows are not counted, so the counts would only mislead
    if (all.length === 0) {
      await stage(deps, input, settled.imports);
      const [count] = distinct;
      const known: Known = {
        users: count?.busiestUsers(smokeTestUsers) ?? [],
        popular: count?.mostPopular(popularItems) ?? [],
      };
      await deps.bucket.write(knownKey(run.group), known);
    }
    return {
      isAccepted: all.length === 0,
      summary: summaryOf(all),
      reports,
      samples,
      imports: settled.imports,
      isTooLittle: input.imports.length > 0 && settled.imports.length === 0,
      warnings: settled.warnings,
    };
  };

const isReplaced = ({ datasets }: Run, type: DatasetReport["type"]): boolean =>
  datasets.some((dataset) => dataset.type === type && dataset.importMode === "FULL");

const nothing: Sample = { interactions: 0, users: 0, usersWithTwo: 0 };
