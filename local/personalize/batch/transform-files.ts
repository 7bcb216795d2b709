/**
 * Every file of a folder, line by line, into a file of the same name with `.out` behind it. Constant memory; the process goes on
 * answering others in between. A job that runs again writes the same files again.
 */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pause } from "../../recipes/pause.ts";
import { JobRefused, keyIn, parseS3Location, type RoleBucket, type S3Location } from "../lifecycles/role-bucket.ts";

/** What one batch job may read (reference, section 4). */
export interface BatchLimits {
  readonly files: number;
  readonly bytes: number;
}

export const batchLimits: BatchLimits = { files: 1000, bytes: 1024 ** 3 };

/** Lines answered before others get their turn. */
const linesPerTurn = 16;

/** The object that shows, before any work, that the output can be written. */
const marker = "_CHECK";

export interface Transformation {
  readonly inputPath: string;
  readonly outputPath: string;
  readonly bucket: RoleBucket;
  readonly signal: AbortSignal;
  /** Gives the output line, line end included. */
  readonly answer: (line: string) => string;
}

export async function transformFiles(job: Transformation): Promise<void> {
  const input = locationOf(job.inputPath, "Invalid S3 input path");
  const output = locationOf(job.outputPath, "Invalid S3 output path");
  const files = await job.bucket.files(input);
  assertWithin(files, batchLimits);
  await job.bucket.write(output.bucket, keyIn(output, marker), "");
  for (const { key } of files) {
    const lines = await job.bucket.read(input.bucket, key);
    const name = `${key.slice(key.lastIndexOf("/") + 1)}.out`;
    await job.bucket.write(output.bucket, keyIn(output, name), Readable.from(answers(lines, job)));
  }
}

async function* answers(lines: Readable, { answer, signal }: Transformation): AsyncGenerator<Buffer> {
  let count = 0;
  for await (const line of createInterface({ input: lines, crlfDelay: Infinity })) {
    if (count++ % linesPerTurn === 0) await pause(signal);
    if (line.trim() !== "") yield Buffer.from(answer(line));
  }
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
