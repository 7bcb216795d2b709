/**
 * Turns what the machine did into the run's record, and the record into words, numbers and the execution's output. Also
 * moves the pointers that later runs read: what was judged last, and who is champion.
 */
import * as z from "zod";
import { eventsOfRun } from "../../pipeline/events/events-of-run.ts";
import type { EventEntry } from "../../pipeline/events/outrank-event.ts";
import { acceptedKey, championKey, judgedKey, recordKey, runPageKey } from "../../pipeline/naming/bucket-layout.ts";
import { type Digest, runIdOf } from "../../pipeline/naming/names.ts";
import { Run } from "../../pipeline/planning/run.ts";
import { Accepted, acceptedOf } from "../../pipeline/preflight/shrink-guard.ts";
import { Champion, Judged } from "../../pipeline/records/champion.ts";
import { renderRecord, renderSubject } from "../../pipeline/records/render.ts";
import { runMetrics, type Datum } from "../../pipeline/records/run-metrics.ts";
import { type Failure, outputOf, type RunOutput, type RunRecord } from "../../pipeline/records/run-record.ts";
import { recordOf, unplannedRecord, Work } from "../../pipeline/records/work.ts";
import type { Bucket } from "../lib/bucket.ts";
import { writeReports } from "./reports.ts";
import { type Ledger, withSpending } from "./spending.ts";

const Input = z.object({
  /** Null when planning itself failed. */
  run: Run.nullable(),
  work: Work,
  now: z.string(),
  execution: z.object({ arn: z.string(), startedAt: z.string() }),
});
type Input = z.infer<typeof Input>;

export interface WriteTheRecordDeps {
  readonly bucket: Pick<Bucket, "read" | "write" | "writePage" | "create" | "replace">;
  readonly group: string;
  readonly digest: Digest;
  readonly ledger: Ledger;
  /** Where the events go, and where they say that the record lies. */
  readonly place: { readonly busName: string; readonly bucket: string };
}

export interface Report {
  readonly failure: Failure | null;
  readonly subject: string;
  readonly message: string;
  readonly metricData: readonly Datum[];
  /** At most ten, as PutEvents takes them. */
  readonly events: readonly EventEntry[];
  readonly output: RunOutput;
}

async function readJudged({ bucket, group }: WriteTheRecordDeps): Promise<Judged | null> {
  return Judged.safeParse((await bucket.read(judgedKey(group)))?.value).data ?? null;
}

/** The latest promotion among the group's champions. */
async function promotedAt({ bucket, group }: WriteTheRecordDeps, record: RunRecord): Promise<string | null> {
  const champions = await Promise.all(
    record.contests.map(async ({ solution }) =>
      Champion.safeParse((await bucket.read(championKey(group, solution)))?.value),
    ),
  );
  const times = champions.flatMap((champion) => (champion.success ? [champion.data.since] : []));
  return times.sort().at(-1) ?? null;
}

async function movePointers({ bucket, group }: WriteTheRecordDeps, record: RunRecord, work: Work): Promise<void> {
  for (const { solution, outcome, decision } of record.contests) {
    if (outcome !== "PROMOTE" || !decision?.verdict.promotes) continue;
    const champion: Champion = {
      solutionVersionArn: decision.verdict.promotes.solutionVersionArn,
      runId: record.runId,
      since: record.finishedAt,
      previousSolutionVersionArn: decision.previousSolutionVersionArn,
    };
    await bucket.write(championKey(group, solution), champion);
  }
  const wasJudged = record.outcome === "PROMOTE" || record.outcome === "KEEP";
  if (!wasJudged || record.options?.dryRun || !work.fingerprint) return;
  const judged: Judged = { runId: record.runId, fingerprint: work.fingerprint, at: record.finishedAt };
  await bucket.write(judgedKey(group), judged);
}

/** Once the data are in, they are what a shorter file would erase. */
async function moveAccepted({ bucket, group }: WriteTheRecordDeps, record: RunRecord, work: Work): Promise<void> {
  if (!work.imports || !work.reports) return;
  const last = Accepted.safeParse((await bucket.read(acceptedKey(group)))?.value).data ?? null;
  await bucket.write(
    acceptedKey(group),
    acceptedOf(work.reports, work.samples ?? {}, last, { runId: record.runId, at: record.finishedAt }),
  );
}

export const makeHandler =
  (deps: WriteTheRecordDeps) =>
  async (event: unknown): Promise<Report> => {
    const { run, work, now, execution }: Input = Input.parse(event);
    const runId = runIdOf(execution.arn, execution.startedAt, deps.digest);
    const record =
      run === null
        ? unplannedRecord({ ...execution, runId, group: deps.group }, work, now)
        : await withSpending(deps.ledger, run, recordOf(run, work, now));
    const past = { succeededAt: (await readJudged(deps))?.at ?? null, promotedAt: await promotedAt(deps, record) };
    const key = recordKey(deps.group, record.runId);
    await deps.bucket.write(key, record);
    await movePointers(deps, record, work);
    await moveAccepted(deps, record, work);
    const reportKey = runPageKey(deps.group, record.runId);
    const told = await writeReports(deps, record, { recordKey: key, reportKey });
    return {
      failure: record.failure,
      subject: renderSubject(record),
      message: [renderRecord(record), ...told].join("\n"),
      metricData: runMetrics(record, past, run?.trainings),
      events: eventsOfRun(record, { ...deps.place, recordKey: key }),
      output: outputOf(record, { recordKey: key, reportKey }),
    };
  };
