/**
 * A client that costs little beside what it measures: keep-alive sockets that each send the next request, ready-made bytes, when the last
 * one is answered. Node's own client takes as long for a request as a small server does.
 */
import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { makeRandom } from "../local/recipes/network/random.ts";

export interface Load {
  readonly perSecond: number;
  /** Milliseconds that a connection waited for its answer. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** Answers other than 200, and connections that broke. */
  readonly errors: number;
  /** Mean bytes of an answer's body. */
  readonly bytes: number;
  /** p99 of the requests of each kind. */
  readonly p99Of: Readonly<Record<string, number>>;
}

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** The whole request, head and body. */
  readonly next: (index: number) => Buffer;
  /** What kind of request that is, for `p99Of`; all of one kind by default. */
  readonly kindOf?: (index: number) => string;
  /** Requests after which the load ends early. */
  readonly most?: number;
  /** All connections together send no more than this; absent = each sends when it may. */
  readonly perSecond?: number;
}

const authorization =
  "AWS4-HMAC-SHA256 Credential=bench/20260105/us-east-1/personalize/aws4_request, SignedHeaders=host, Signature=00";

/** A POST of JSON as an SDK would send it, signed by a key that the embedded cloud did not issue (and therefore trusts). */
export function post(path: string, body: string): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    "content-type: application/json",
    `authorization: ${authorization}`,
    "x-amz-date: 20260105T000000Z",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

export async function load(options: LoadOptions): Promise<Load> {
  const { connections, seconds, most = Infinity } = options;
  const waitsOf = new Map<string, number[]>();
  const seen = { sent: 0, bytes: 0, errors: 0 };
  const begin = performance.now();
  const until = begin + seconds * 1000;
  const goesOn = () => performance.now() < until && seen.sent < most;
  await Promise.all(Array.from({ length: connections }, (_, n) => connection(options, n, goesOn, waitsOf, seen)));
  const elapsed = (performance.now() - begin) / 1000;
  const waits = [...waitsOf.values()].flat().sort((a, b) => a - b);
  const kinds = [...waitsOf].map(
    ([kind, theirs]) =>
      [
        kind,
        quantile(
          theirs.sort((a, b) => a - b),
          0.99,
        ),
      ] as const,
  );
  return {
    ...{
      perSecond: waits.length / elapsed,
      p50: quantile(waits, 0.5),
      p99: quantile(waits, 0.99),
      most: quantile(waits, 1),
    },
    ...{ errors: seen.errors, bytes: seen.bytes / Math.max(1, waits.length), p99Of: Object.fromEntries(kinds) },
  };
}

/** @param sorted ascending */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

interface Seen {
  sent: number;
  bytes: number;
  errors: number;
}

function connection(
  { url, next, connections, perSecond, kindOf = () => "" }: LoadOptions,
  n: number,
  goesOn: () => boolean,
  waitsOf: Map<string, number[]>,
  seen: Seen,
): Promise<void> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const answer = answerReader();
    const random = makeRandom(n); // clients that know nothing of each other do not all ask in one moment
    let at = 0;
    let kind = "";
    const note = (wait: number) => {
      const waits = waitsOf.get(kind);
      if (waits) waits.push(wait);
      else waitsOf.set(kind, [wait]);
    };
    const interval = perSecond === undefined ? 0 : (1000 * connections) / perSecond;
    const send = () => {
      if (!goesOn()) return void socket.end(resolve);
      at = performance.now();
      kind = kindOf(seen.sent);
      socket.write(next(seen.sent++));
    };
    /** At the connection's own pace, half to one and a half intervals after the last, or at once when the answer took longer than that. */
    const sendNext = () => {
      const rest = at + interval * (0.5 + random.next()) - performance.now();
      if (rest > 1) setTimeout(send, rest);
      else send();
    };
    socket.on("connect", () => setTimeout(send, interval * random.next()));
    socket.on("error", () => {
      seen.errors++;
      resolve();
    });
    socket.on("data", (chunk: Buffer) => {
      const whole = answer(chunk);
      if (!whole) return;
      note(performance.now() - at);
      seen.bytes += whole.bytes;
      if (whole.status !== 200) seen.errors++;
      sendNext();
    });
  });
}

/** Gives the answer once its last byte is there; answers say their length, as the embedded cloud's do. */
function answerReader() {
  let held: Buffer | undefined;
  return (chunk: Buffer): { readonly status: number; readonly bytes: number } | undefined => {
    const all = held ? Buffer.concat([held, chunk]) : chunk;
    held = all;
    const end = all.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const head = all.toString("latin1", 0, end);
    const [, length = "0"] = /content-length: (\d+)/i.exec(head) ?? [];
    if (all.length < end + 4 + Number(length)) return undefined;
    held = undefined;
    return { status: Number(head.slice(9, 12)), bytes: Number(length) };
  };
}
