/**
 * A client that costs little beside what it measures: keep-alive sockets that each send the next request, ready-made bytes, when the last
 * one is answered. Node's own client takes as long for a request as a small server does.
 */
import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";

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
}

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** The whole request, head and body. */
  readonly next: (index: number) => Buffer;
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
  const waits: number[] = [];
  const seen = { sent: 0, bytes: 0, errors: 0 };
  const begin = performance.now();
  const until = begin + seconds * 1000;
  const goesOn = () => performance.now() < until && seen.sent < most;
  await Promise.all(Array.from({ length: connections }, () => connection(options, goesOn, waits, seen)));
  const elapsed = (performance.now() - begin) / 1000;
  waits.sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
  return {
    ...{ perSecond: waits.length / elapsed, p50: at(0.5), p99: at(0.99), most: at(1) },
    ...{ errors: seen.errors, bytes: seen.bytes / Math.max(1, waits.length) },
  };
}

interface Seen {
  sent: number;
  bytes: number;
  errors: number;
}

function connection(
  { url, next, connections, perSecond }: LoadOptions,
  goesOn: () => boolean,
  waits: number[],
  seen: Seen,
): Promise<void> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const answer = answerReader();
    let at = 0;
    const interval = perSecond === undefined ? 0 : (1000 * connections) / perSecond;
    const send = () => {
      if (!goesOn()) return void socket.end(resolve);
      at = performance.now();
      socket.write(next(seen.sent++));
    };
    /** At the connection's own pace, or at once when the answer took longer than that. */
    const sendNext = () => {
      const rest = at + interval - performance.now();
      if (rest > 1) setTimeout(send, rest);
      else send();
    };
    socket.on("connect", send);
    socket.on("error", () => {
      seen.errors++;
      resolve();
    });
    socket.on("data", (chunk: Buffer) => {
      const whole = answer(chunk);
      if (!whole) return;
      waits.push(performance.now() - at);
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
