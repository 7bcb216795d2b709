/** A body on its way in, whoever sends it: HTTP with its trailers and declared length, or a caller in this process. */
import { Readable } from "node:stream";
import { invalidRequest } from "../errors.ts";

export interface ObjectBody {
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** What the sender says the length is; checked. */
  readonly lengthBytes?: number;
  /** Hexadecimal SHA-256 that the sender signed; checked. */
  readonly sha256?: string;
  /** Names of the headers that follow the body; their values are in `trailers` once it has been read. */
  readonly announced: readonly string[];
  readonly trailers: ReadonlyMap<string, string>;
}

const isBody = (value: object): value is ObjectBody => "chunks" in value && "trailers" in value;

const inProcess = (chunks: ObjectBody["chunks"]): ObjectBody => ({ chunks, announced: [], trailers: new Map() });

async function* bytesOf(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of stream) yield typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array);
}

/** Text, bytes or a stream as a body; nothing is an empty one. Values of Step Functions (objects) become their JSON. */
export function toObjectBody(body: unknown): ObjectBody {
  if (body === undefined || body === null) return inProcess([]);
  if (typeof body === "string") return inProcess([Buffer.from(body)]);
  if (body instanceof Uint8Array) return inProcess([body]);
  if (body instanceof Readable) return inProcess(bytesOf(body));
  if (typeof body === "object" && isBody(body)) return body;
  if (typeof body === "object" && Symbol.asyncIterator in body)
    return inProcess(bytesOf(body as AsyncIterable<unknown>));
  if (["object", "number", "boolean"].includes(typeof body)) return inProcess([Buffer.from(JSON.stringify(body))]);
  throw invalidRequest(`Body must be text, bytes or a stream, got ${typeof body}`);
}
