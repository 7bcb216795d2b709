/**
 * Carries the bytes of files from the thread that may read the bucket to the thread that scans them. The receiver asks
 * for one piece at a time, two ahead, so that a fast bucket cannot fill the memory.
 */
import type { MessagePort, Worker } from "node:worker_threads";
import { SourceFailure } from "../data/data-failure.ts";
import type { ImportFile } from "../job-runner.ts";

/** Receiver to sender: the next piece of that file, please. */
interface Want {
  readonly kind: "want";
  readonly file: number;
}

/** Sender to receiver: a piece, or the end of the file, or why it cannot be read. */
type Piece =
  | { readonly kind: "piece"; readonly file: number; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly file: number }
  | { readonly kind: "unreadable"; readonly file: number; readonly reason: string };

const piecesAhead = 2;
const pieceBytes = 1 << 20;

/** Gathers small chunks of a stream into pieces that are worth a message. */
async function* inPieces(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = new Uint8Array(pieceBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    for (let taken = 0; taken < bytes.length;) {
      const part = bytes.subarray(taken, taken + pieceBytes - filled);
      piece.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < pieceBytes) continue;
      yield piece;
      piece = new Uint8Array(pieceBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
}

async function* readFile(file: ImportFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield* inPieces((await file.open()) as AsyncIterable<Uint8Array>);
}

/** Answers the receiver's wishes until the worker ends. */
export function sendFiles(worker: Worker, files: readonly ImportFile[]): void {
  const readers = new Map<number, AsyncGenerator<Uint8Array<ArrayBuffer>>>();
  let queue = Promise.resolve();
  async function answer(file: number): Promise<void> {
    const source = files[file];
    if (!source) throw new RangeError(`There is no file ${file}`);
    let reader = readers.get(file);
    if (!reader) readers.set(file, (reader = readFile(source)));
    try {
      const next = await reader.next();
      if (next.done) worker.postMessage({ kind: "end", file } satisfies Piece);
      else worker.postMessage({ kind: "piece", file, bytes: next.value } satisfies Piece, [next.value.buffer]);
    } catch (error) {
      worker.postMessage({ kind: "unreadable", file, reason: (error as Error).message } satisfies Piece);
    }
  }
  worker.on("message", (message: { kind: string }) => {
    if (message.kind !== "want") return;
    const { file } = message as Want;
    queue = queue.then(() => answer(file));
  });
  worker.once("exit", () => readers.forEach((reader) => void reader.return(undefined)));
}

/** The other end: `read(index)` streams the bytes of that file. */
export function receiveFiles(port: MessagePort): (file: number) => AsyncIterable<Uint8Array> {
  return async function* read(file) {
    const arrived: Piece[] = [];
    let wake = () => {};
    const listen = (message: Piece) => {
      if (message.file !== file) return;
      arrived.push(message);
      wake();
    };
    const want = () => port.postMessage({ kind: "want", file } satisfies Want);
    port.on("message", listen);
    try {
      for (let ahead = 0; ahead < piecesAhead; ahead++) want();
      for (;;) {
        while (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        const message = arrived.shift() as Piece;
        if (message.kind === "end") return;
        if (message.kind === "unreadable") throw new SourceFailure(message.reason);
        want();
        yield message.bytes;
      }
    } finally {
      port.off("message", listen);
    }
  };
}

/** The same without a thread: reads the files here. */
export function readHere(files: readonly ImportFile[]): (file: number) => AsyncIterable<Uint8Array> {
  return async function* read(file) {
    const source = files[file];
    if (!source) throw new RangeError(`There is no file ${file}`);
    const opened = await source.open().catch((error: Error) => {
      throw new SourceFailure(error.message);
    });
    yield* inPieces(opened as AsyncIterable<Uint8Array>);
  };
}
