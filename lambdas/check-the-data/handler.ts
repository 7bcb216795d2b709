/** Reads every pinned file once, row by row, against its schema and the minimums, before any money is spent. */
import * as z from "zod";
import type { Sample } from "../../pipeline/gate/evidence.ts";
import { Input as RunInput } from "../../pipeline/planning/inputs.ts";
import { type Contest, Run, type RunDataset } from "../../pipeline/planning/run.ts";
import { createCsvReader } from "../../pipeline/preflight/csv.ts";
import { createDatasetCheck, type DatasetReport, type RowListener } from "../../pipeline/preflight/dataset-check.ts";
import { createSampleCount, minimumFaults, type SampleCount } from "../../pipeline/preflight/sample-count.ts";
import type { Bucket } from "../lib/bucket.ts";

const Input = z.object({ run: Run, inputs: z.array(RunInput) });

export interface CheckTheDataDeps {
  readonly bucket: Pick<Bucket, "text">;
}

export interface Checks {
  readonly isAccepted: boolean;
  /** All faults in one text, for the failure's cause; empty when accepted. */
  readonly summary: string;
  readonly reports: readonly DatasetReport[];
  /** By solution, after its event filter. */
  readonly samples: Readonly<Record<string, Sample>>;
  /** For the smoke test. */
  readonly knownUsers: readonly string[];
}

const smokeTestUsers = 5;
/** Step Functions keeps 32 KiB of a cause; people read less. */
const summaryLimit = 4000;

async function checkDataset(
  { bucket }: CheckTheDataDeps,
  dataset: RunDataset,
  input: RunInput,
  onRow: RowListener,
): Promise<DatasetReport> {
  const check = createDatasetCheck(dataset.type, dataset.schemaName, dataset.schema, onRow);
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

export const makeHandler =
  (deps: CheckTheDataDeps) =>
  async (event: unknown): Promise<Checks> => {
    const { run, inputs } = Input.parse(event);
    const counts = countsOf(run.contests);
    const distinct = [...new Set(counts.values())];
    const reports: DatasetReport[] = [];
    for (const dataset of run.datasets) {
      const input = inputs.find(({ type }) => type === dataset.type);
      if (!input) continue;
      const listen: RowListener =
        dataset.type === "interactions" ? (value) => distinct.forEach((count) => count.listen(value)) : () => undefined;
      reports.push(await checkDataset(deps, dataset, input, listen));
    }
    const samples = Object.fromEntries([...counts].map(([solution, count]) => [solution, count.sample()]));
    const faults = reports.flatMap((report) => report.faults);
    const tooFew = run.contests.flatMap((contest) =>
      minimumFaults(contest.solution, counts.get(contest.solution)?.sample() ?? nothing, contest.policy),
    );
    const all = faults.length > 0 ? faults : tooFew; // broken rows are not counted, so the counts would only mislead
    return {
      isAccepted: all.length === 0,
      summary: summaryOf(all),
      reports,
      samples,
      knownUsers: distinct[0]?.busiestUsers(smokeTestUsers) ?? [],
    };
  };

const nothing: Sample = { interactions: 0, users: 0, usersWithTwo: 0 };
