/**
 * From a listing of the upload folders to pinned inputs: which files this run reads, in which version, and a fingerprint
 * by which a later run knows that nothing changed. Also says whether people are still uploading.
 */
import * as z from "zod";
import { datasetTypes } from "../config/avro-schema.ts";
import type { Digest } from "../naming/names.ts";
import type { Run } from "./run.ts";
import { isUpload } from "./trigger.ts";

export const InputFile = z.object({
  key: z.string(),
  etag: z.string(),
  versionId: z.string().nullable(),
  sizeBytes: z.number(),
  lastModified: z.string(),
});
export type InputFile = z.infer<typeof InputFile>;

export const Input = z.object({
  type: z.enum(datasetTypes),
  files: z.array(InputFile),
  fingerprint: z.string(),
});
export type Input = z.infer<typeof Input>;

/** Files under each configured dataset's folder, in the order of their keys; datasets without files are left out. */
export function inputsOf(run: Run, files: readonly InputFile[], digest: Digest): Input[] {
  return run.datasets.flatMap(({ type, prefix }) => {
    const own = files
      .filter((file) => file.key.startsWith(prefix) && isUpload(run.group, file.key))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    if (own.length === 0) return [];
    const content = own.map(({ key, etag, sizeBytes }) => [key, etag, sizeBytes]);
    return [{ type, files: own, fingerprint: digest(JSON.stringify(content)) }];
  });
}

/** All that a training depends on: the data, how they are read, and what is trained on them. */
export function fingerprintOf(run: Run, inputs: readonly Input[], digest: Digest): string {
  const parts = [
    inputs.map((input) => [input.type, input.fingerprint]),
    run.datasets.map((dataset) => dataset.schemaName),
    run.trainings.map((training) => training.solutionName),
  ];
  return digest(JSON.stringify(parts));
}

/** When the newest upload came (ISO), or null when there is none. */
export function newestUpload(files: readonly InputFile[]): string | null {
  return files.reduce<string | null>(
    (newest, { lastModified }) => (newest === null || lastModified > newest ? lastModified : newest),
    null,
  );
}

/**
 * Seconds until the quiet period after the newest upload is over; 0 when it is. A run that has already waited for the
 * end of the quiet period of that very upload (`waitedFor`) has waited enough, whatever two machines' clocks say.
 */
export function secondsUntilSettled(
  files: readonly InputFile[],
  quietPeriodSeconds: number,
  { now, waitedFor }: { readonly now: string; readonly waitedFor: string | null },
): number {
  const newest = newestUpload(files);
  if (newest === null || newest === waitedFor) return 0;
  return Math.max(0, Math.ceil((Date.parse(newest) + quietPeriodSeconds * 1000 - Date.parse(now)) / 1000));
}

/** What there is to know before a run is worth its money. */
export interface News {
  readonly fingerprint: string;
  /** Of the last judged run. */
  readonly judged: string | null;
  readonly imports: number;
}

/** Asked by a person, a run trains; otherwise it needs news, or a schedule that wants training anyway. */
export function isWorthwhile(run: Run, { fingerprint, judged, imports }: News): boolean {
  if (!run.options.stages.includes("train")) return imports > 0;
  if (run.trigger.type === "manual" || fingerprint !== judged) return true;
  return run.trigger.type === "schedule" && run.whenUnchanged === "retrain";
}
