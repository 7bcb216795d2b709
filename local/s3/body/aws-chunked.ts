/**
 * Takes the `aws-chunked` framing off a body: `<hex size>[;chunk-signature=…]CRLF <bytes> CRLF … 0 CRLF <trailers> CRLF`.
 * Signed chunks are unwrapped without checking their signatures: the endpoint has judged the request's own.
 */
import { incompleteBody } from "../errors.ts";

const longestLineBytes = 8 * 1024;

/** Reads lines and byte runs out of a stream of chunks. */
function createReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const next = await chunks.next();
    if (next.done) return false;
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    return true;
  }

  /** The next line without its end, or undefined at the end of the body. */
  async function line(): Promise<string | undefined> {
    for (;;) {
      const end = rest.indexOf(10);
      if (end >= 0) {
        const text = rest.toString("latin1", 0, end).replace(/\r$/, "");
        rest = rest.subarray(end + 1);
        return text;
      }
      if (rest.length > longestLineBytes) throw incompleteBody("A chunk of the aws-chunked body has no valid header");
      if (!(await more())) return undefined;
    }
  }

  /** Exactly `size` bytes, as they come. */
  async function* bytes(size: number): AsyncGenerator<Buffer, void, undefined> {
    for (let left = size; left > 0;) {
      if (rest.length === 0 && !(await more())) throw incompleteBody("The request body terminated unexpectedly");
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  /** Reads on to the end, so that the connection can be used again. */
  async function drain(): Promise<void> {
    rest = Buffer.alloc(0);
    while (await more()) rest = Buffer.alloc(0);
  }
  return { line, bytes, drain };
}

/** @param trailers filled with the trailing headers, names in lower case, when the body has been read to its end. */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = createReader(source);
  for (;;) {
    const header = await reader.line();
    const digits = header?.split(";", 1)[0] ?? "";
    if (!/^[0-9a-fA-F]{1,13}$/.test(digits)) throw incompleteBody("The aws-chunked body ends without a last chunk");
    const size = parseInt(digits, 16);
    if (size === 0) break;
    yield* reader.bytes(size);
    if ((await reader.line()) !== "")
      throw incompleteBody("A chunk of the aws-chunked body is longer than its header says");
  }
  for (let line = await reader.line(); line; line = await reader.line()) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  await reader.drain();
}
