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

/** Seconds until the quiet period after the newest upload is over; 0 when it is. */
export function secondsUntilSettled(files: readonly InputFile[], quietPeriodSeconds: number, now: string): number {
  const newest = Math.max(0, ...files.map((file) => Date.parse(file.lastModified)));
  return Math.max(0, Math.ceil((newest + quietPeriodSeconds * 1000 - Date.parse(now)) / 1000));
}

/** Asked by a person, a run trains; otherwise it needs news, or a schedule that wants training anyway. */
export function isWorthwhile(run: Run, fingerprint: string, judgedFingerprint: string | null): boolean {
  if (run.trigger.type === "manual" || fingerprint !== judgedFingerprint) return true;
  return run.trigger.type === "schedule" && run.whenUnchanged === "retrain";
}
