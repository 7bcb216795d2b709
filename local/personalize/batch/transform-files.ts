/**
 * Every file of a folder, line by line, into a file of the same name with `.out` behind it. Constant memory; the process goes on
 * answering others in between.
 *
 * Invariants
 *   B1  An output object is there whole or not at all, and a job that runs again after a crash writes no finished one again.
 *   B2  One line out for each line in that is not blank, in the same order.
 */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pause } from "../../recipes/pause.ts";
import { JobRefused, keyIn, parseS3Location, type RoleBucket, type S3Location } from "../lifecycles/role-bucket.ts";
import type { BatchProgress } from "../model.ts";

/** What one batch job may read (reference, section 4). */
export interface BatchLimits {
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
  readonly recordsPerFile: number;
}

/** Lines answered together, before others get their turn. */
export const linesPerTurn = 16;

/** The object that shows, before any work, that the output can be written. */
const marker = "_CHECK";

export interface Advance {
  readonly records: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface Transformation {
  readonly inputPath: string;
  readonly outputPath: string;
  readonly bucket: RoleBucket;
  readonly limits: BatchLimits;
  readonly signal: AbortSignal;
  /** Gives an output line for each of these lines, line ends included. */
  readonly answer: (lines: readonly string[]) => readonly string[];
  /** What was written before the process ended the last time. */
  readonly before: BatchProgress | undefined;
  /** Makes durable what is written now. */
  readonly remember: (progress: BatchProgress) => Promise<void>;
  readonly progress: (advance: Advance) => void;
}

/** @returns the number of lines answered, all files together. Throws JobRefused with the job's failureReason. */
export async function transformFiles(job: Transformation): Promise<number> {
  const input = locationOf(job.inputPath, "Invalid S3 input path");
  const output = locationOf(job.outputPath, "Invalid S3 output path");
  const files = await job.bucket.files(input);
  assertWithin(files, job.limits);
  await job.bucket.write(output.bucket, keyIn(output, marker), "");
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let { files: finished, records } = job.before ?? { files: [], records: 0 };
  let bytes = 0;
  for (const { key, etag, sizeBytes } of files) {
    const file = `${key} ${etag}`;
    if (!finished.includes(file)) {
      const name = key.slice(key.lastIndexOf("/") + 1);
      const count = { lines: 0, bytes: 0 };
      const report = () =>
        job.progress({ records: records + count.lines, bytes: bytes + Math.min(count.bytes, sizeBytes), totalBytes });
      const lines = await job.bucket.read(input.bucket, key);
      const answers = answersTo(lines, { job, name, count, report });
      await job.bucket.write(output.bucket, keyIn(output, `${name}.out`), Readable.from(answers));
      records += count.lines;
      finished = [...finished, file];
      await job.remember({ files: finished, records });
    }
    bytes += sizeBytes;
    job.progress({ records, bytes, totalBytes });
  }
  return records;
}

interface Reading {
  readonly job: Transformation;
  readonly name: string;
  readonly count: { lines: number; bytes: number };
  readonly report: () => void;
}

async function* answersTo(lines: Readable, { job, name, count, report }: Reading): AsyncGenerator<Buffer> {
  const { recordsPerFile } = job.limits;
  let together: string[] = [];
  const answered = () => Buffer.from(job.answer(together).join(""));
  for await (const line of createInterface({ input: lines, crlfDelay: Infinity })) {
    count.bytes += Buffer.byteLength(line) + 1;
    if (line.trim() === "") continue;
    if (++count.lines > recordsPerFile) {
      throw new JobRefused(
        `${name} has more than ${recordsPerFile} records, which is what this job may read of a file.`,
      );
    }
    if (together.push(line) < linesPerTurn) continue;
    await pause(job.signal);
    yield answered();
    together = [];
    report();
  }
  await pause(job.signal);
  if (together.length > 0) yield answered();
}

function locationOf(path: string, fault: string): S3Location {
  const location = parseS3Location(path);
  if (!location) throw new JobRefused(fault);
  return location;
}

function assertWithin(files: readonly { readonly sizeBytes: number }[], limits: BatchLimits): void {
  if (files.length > limits.files) {
    throw new JobRefused(`The input has ${files.length} files; at most ${limits.files} are allowed.`);
  }
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes > limits.bytes) throw new JobRefused(`The input has ${bytes} bytes; at most ${limits.bytes} are allowed.`);
}
