/**
 * Importing interactions (validate, code, sort, store, flush to the disk) beside a bare scan of the same file: a loop over
 * its bytes that tells the columns apart and parses them, and keeps nothing. Both read the file in the same way, in turn.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { importDataset } from "../local/personalize/data/import-dataset.ts";
import type { Row } from "./row.ts";

export interface ImportBench {
  readonly rows?: number;
  readonly rounds?: number;
}

const columns = [
  { name: "USER_ID", type: "string" },
  { name: "ITEM_ID", type: "string" },
  { name: "TIMESTAMP", type: "long" },
];
const schema = JSON.stringify({ type: "record", name: "Interactions", fields: columns });
const [comma, newline] = [44, 10];

/** `rows` interactions of 500,000 users with 100,000 items, some items far more popular, in no order. */
function writeFile(path: string, rows: number): void {
  let state = 12_345;
  const random = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0) >>> 0) / 2 ** 32;
  const file = openSync(path, "w");
  writeSync(file, "USER_ID,ITEM_ID,TIMESTAMP\n");
  for (let done = 0; done < rows; done += 50_000) {
    const lines = Array.from({ length: Math.min(50_000, rows - done) }, () => {
      const [user, item] = [Math.floor(random() * 500_000), Math.floor(random() * random() * 100_000)];
      return `user${user},item${item},${1_700_000_000 + Math.floor(random() * 30_000_000)}\n`;
    });
    writeSync(file, lines.join(""));
  }
  closeSync(file);
}

function* pieces(path: string): IterableIterator<Uint8Array> {
  const file = openSync(path, "r");
  try {
    for (;;) {
      const piece = new Uint8Array(1 << 20);
      const length = readSync(file, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/** Hashes the two ids of each row, parses its time, and adds everything up, so that nothing can be left out. */
function bareScan(path: string): number {
  let [column, hash, number, sum] = [0, 0, 0, 0];
  for (const piece of pieces(path)) {
    for (let p = 0; p < piece.length; p++) {
      const byte = piece[p] as number;
      if (byte === comma || byte === newline) {
        sum = (sum + hash + number) | 0;
        hash = 0;
        number = 0;
        column = byte === comma ? column + 1 : 0;
      } else if (column === 2) number = number * 10 + byte - 48;
      else hash = Math.imul(hash ^ byte, 16_777_619);
    }
  }
  return sum;
}

async function runImport(path: string, folder: string, round: number): Promise<number> {
  const files = [{ key: "interactions.csv", sizeBytes: statSync(path).size }];
  const job = {
    jobArn: `arn:bench/${round}`,
    datasetType: "INTERACTIONS",
    schema,
    mode: "FULL",
    folder,
    files,
  } as const;
  async function* read(): AsyncIterable<Uint8Array> {
    yield* pieces(path);
  }
  return (await importDataset(job, { read, progress: () => {} })).rowsStored;
}

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Alternates the two, so that a busy machine slows both; the ratio is the median of the rounds' own ratios. */
export async function bench({ rows = 10_000_000, rounds = 3 }: ImportBench = {}): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "outrank-bench-"));
  try {
    const path = join(folder, "interactions.csv");
    writeFile(path, rows);
    const bare: number[] = [];
    const whole: number[] = [];
    for (let round = 0; round < rounds; round++) {
      bare.push(await seconds(() => bareScan(path)));
      whole.push(await seconds(() => runImport(path, join(folder, "dataset"), round)));
    }
    const ratios = whole.map((time, round) => time / (bare[round] as number));
    const megabytes = process.resourceUsage().maxRSS / 1024;
    return [
      { what: `bare scan of ${rows} interactions`, measured: median(bare), unit: "s", target: "reference" },
      { what: "import of the same file", measured: median(whole), unit: "s", target: "" },
      { what: "import / bare scan", measured: median(ratios), unit: "x", target: "<= 2" },
      { what: "peak memory of the process", measured: megabytes, unit: "MB", target: "<= 500" },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
