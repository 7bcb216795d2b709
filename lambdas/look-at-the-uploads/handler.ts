/**
 * Lists the upload folders, waits (by answering so) until they are quiet, then pins what is there: which files in which
 * versions, what of it is new, and whether a run is worth its money.
 */
import * as z from "zod";
import { importedKey, judgedKey, notesPrefix, pinsKey, stagingPrefix } from "../../pipeline/naming/bucket-layout.ts";
import { type Digest, importJobName, personalizeArn } from "../../pipeline/naming/names.ts";
import {
  holdingJobs,
  ImportedFiles,
  type ImportJob,
  isImported,
  newFiles,
  type WantedImport,
} from "../../pipeline/planning/imports.ts";
import {
  fingerprintOf,
  type Input as RunInput,
  type InputFile,
  inputsOf,
  isWorthwhile,
  newestUpload,
  secondsUntilSettled,
} from "../../pipeline/planning/inputs.ts";
import type { Pins } from "../../pipeline/planning/lease.ts";
import { Run, type RunDataset } from "../../pipeline/planning/run.ts";
import { Judged } from "../../pipeline/records/champion.ts";
import { DataRefused } from "../../pipeline/preflight/data-refused.ts";
import type { Bucket } from "../lib/bucket.ts";
import type { ListImportJobs } from "../lib/import-jobs.ts";

const Input = z.object({
  run: Run,
  now: z.string(),
  /** The newest upload at the last look, whose quiet period was then waited for. */
  newest: z.string().nullish(),
  goOnAnyway: z.boolean(),
});

export interface LookAtTheUploadsDeps {
  readonly bucket: Pick<Bucket, "list" | "pin" | "read" | "write">;
  readonly listImportJobs: ListImportJobs;
  readonly digest: Digest;
}

export interface Uploads {
  readonly isSettled: boolean;
  readonly waitSeconds: number;
  readonly newest: string | null;
  readonly isWorthwhile: boolean;
  readonly types: readonly string[];
  readonly inputs: readonly RunInput[];
  readonly fingerprint: string | null;
  readonly imports: readonly WantedImport[];
}

const unsettled = (waitSeconds: number, newest: string | null): Uploads => ({
  isSettled: false,
  waitSeconds,
  newest,
  isWorthwhile: false,
  types: [],
  inputs: [],
  fingerprint: null,
  imports: [],
});

function wantedImport(run: Run, dataset: RunDataset, fingerprint: string, added: readonly InputFile[]): WantedImport {
  const jobName = importJobName(run.prefix, dataset.type, fingerprint, run.id);
  const [, partition = "", , region = "", account = ""] = dataset.datasetArn.split(":");
  return {
    type: dataset.type,
    datasetArn: dataset.datasetArn,
    jobName,
    jobArn: personalizeArn({ partition, region, account }, "dataset-import-job", jobName),
    ...(added.length === 0
      ? { mode: "FULL" as const, dataLocation: `s3://${run.bucket}/${dataset.prefix}`, files: [] }
      : {
          mode: "INCREMENTAL" as const,
          dataLocation: `s3://${run.bucket}/${stagingPrefix(run.group, jobName)}`,
          files: [...added],
        }),
  };
}

/** Null: whole. Empty: nothing is new. What a job of somebody else's brought is not known, so all counts as new. */
async function additions(
  { bucket }: LookAtTheUploadsDeps,
  run: Run,
  { importMode }: RunDataset,
  { input, jobs }: { readonly input: RunInput; readonly jobs: readonly ImportJob[] },
): Promise<InputFile[] | null> {
  const holding = holdingJobs(jobs);
  if (importMode === "FULL" || holding.length === 0) return null;
  const read = await Promise.all(holding.map(({ name }) => bucket.read(importedKey(run.group, name))));
  const held = read.flatMap((found) => ImportedFiles.safeParse(found?.value).data ?? []);
  return newFiles(input.files, held);
}

async function importOf(
  deps: LookAtTheUploadsDeps,
  run: Run,
  dataset: RunDataset,
  input: RunInput,
): Promise<WantedImport[]> {
  const jobs = await deps.listImportJobs(dataset.datasetArn);
  const added = await additions(deps, run, dataset, { input, jobs });
  if (added === null) {
    const isHeld = isImported(jobs, run.prefix, dataset.type, input.fingerprint);
    return isHeld ? [] : [wantedImport(run, dataset, input.fingerprint, [])];
  }
  if (added.length === 0) return [];
  const content = added.map(({ key, etag, sizeBytes }) => [key, etag, sizeBytes]);
  return [wantedImport(run, dataset, deps.digest(JSON.stringify(content)), added)];
}

async function wantedImports(
  deps: LookAtTheUploadsDeps,
  run: Run,
  inputs: readonly RunInput[],
): Promise<WantedImport[]> {
  const wanted = await Promise.all(
    run.datasets.map(async (dataset) => {
      const input = inputs.find(({ type }) => type === dataset.type);
      return input ? importOf(deps, run, dataset, input) : [];
    }),
  );
  return wanted.flat();
}

/** Current versions, a few requests at a time; a file deleted in between is left out. */
async function pinAll({ bucket }: LookAtTheUploadsDeps, files: readonly InputFile[]): Promise<InputFile[]> {
  const pinned: InputFile[] = [];
  for (let at = 0; at < files.length; at += 16) {
    const some = await Promise.all(files.slice(at, at + 16).map((file) => bucket.pin(file.key)));
    pinned.push(...some.filter((file) => file !== null));
  }
  return pinned;
}

export const makeHandler =
  (deps: LookAtTheUploadsDeps) =>
  async (event: unknown): Promise<Uploads> => {
    const { run, now, newest: waitedFor = null, goOnAnyway } = Input.parse(event);
    const { bucket, digest } = deps;
    const notes = (await bucket.list(notesPrefix(run.group))).map((note) => note.key); // before the uploads: rule L4
    const listed = (await Promise.all(run.datasets.map((dataset) => bucket.list(dataset.prefix)))).flat();
    const waitSeconds = secondsUntilSettled(listed, run.quietPeriodSeconds, { now, waitedFor });
    const newest = newestUpload(listed);
    if (waitSeconds > 0 && !goOnAnyway) return unsettled(waitSeconds, newest);

    const inputs = inputsOf(run, await pinAll(deps, listed), digest);
    const pins: Pins = { inputs, notes };
    await bucket.write(pinsKey(run.group, run.id), pins);
    DataRefused.unlessInteractionsIn(inputs, run);
    const fingerprint = fingerprintOf(run, inputs, digest);
    const judged = Judged.safeParse((await bucket.read(judgedKey(run.group)))?.value);
    const imports = run.options.stages.includes("import") ? await wantedImports(deps, run, inputs) : [];
    return {
      isSettled: true,
      waitSeconds: 0,
      newest,
      isWorthwhile: isWorthwhile(run, {
        fingerprint,
        judged: judged.data?.fingerprint ?? null,
        imports: imports.length,
      }),
      types: inputs.map((input) => input.type),
      inputs,
      fingerprint,
      imports,
    };
  };
