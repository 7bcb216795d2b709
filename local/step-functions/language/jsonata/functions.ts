/**
 * The functions Step Functions adds to JSONata's own, and the four whose answer depends on time or chance, which take
 * it from the step's moment. Bound for every evaluation, so that a stored expression carries no state.
 */
import { createHash } from "node:crypto";
import type { Moment } from "../language.ts";

/** Thrown into an expression; JSONata hands `code` and `message` on. */
class FunctionFault extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const wrongArgument = (name: string, position: number) =>
  new FunctionFault("T0410", `Argument ${position} of function ${name} does not match function signature`);

/** Sizes of pieces and bounds are cut to whole numbers, as the service does with fractions. */
function wholeNumber(value: unknown, name: string, position: number): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrongArgument(name, position);
  return Math.trunc(value);
}

function partition(list: unknown, size: unknown): unknown[][] | undefined {
  if (list === undefined) return undefined;
  const items: unknown[] = Array.isArray(list) ? list : [list];
  const length = wholeNumber(size, "partition", 2);
  if (length <= 0) throw wrongArgument("partition", 2);
  return Array.from({ length: Math.ceil(items.length / length) }, (_, piece) =>
    items.slice(piece * length, (piece + 1) * length),
  );
}

const longestRange = 100_000;

/** Whole numbers from the first to the last, which is included when a step falls on it. */
function range(first: unknown, last: unknown, delta: unknown): number[] {
  const start = wholeNumber(first, "range", 1);
  const end = wholeNumber(last, "range", 2);
  const step = wholeNumber(delta, "range", 3);
  if (step === 0) throw wrongArgument("range", 3);
  const length = Math.max(0, Math.floor((end - start) / step) + 1);
  if (length > longestRange) {
    throw new FunctionFault("D2014", `The size of the sequence allocated by the range must not exceed ${longestRange}`);
  }
  return Array.from({ length }, (_, index) => start + index * step);
}

const algorithms: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

function hash(value: unknown, algorithm: unknown = "SHA-256"): string | undefined {
  if (value === undefined) return undefined;
  const name = typeof algorithm === "string" ? algorithms[algorithm] : undefined;
  if (!name) throw wrongArgument("hash", 2);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return createHash(name).update(text).digest("hex");
}

/** Any JSON text (fact 30: '-0' gives 0). */
function parse(text: unknown): unknown {
  if (text === undefined) return undefined;
  if (typeof text !== "string") throw wrongArgument("parse", 1);
  try {
    const value = JSON.parse(text) as unknown;
    return Object.is(value, -0) ? 0 : value;
  } catch (cause) {
    throw new FunctionFault("D3137", `The argument of function parse is not JSON: ${(cause as Error).message}`);
  }
}

/** mulberry32: equal seeds give equal numbers on every machine. */
function seededRandom(seed: unknown): number {
  let state = (wholeNumber(seed, "random", 1) + 0x6d2b79f5) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 4_294_967_296;
}

const unknownFunction = () => {
  throw new FunctionFault("T1006", "Attempted to invoke a non-function");
};

/** `formatMillis` is JSONata's own $fromMillis, lent so that $now takes pictures and time zones too. */
export function functionsAt(
  moment: Moment,
  formatMillis: (milliseconds: number, picture?: string, timezone?: string) => Promise<string>,
): Readonly<Record<string, unknown>> {
  return {
    partition,
    range,
    hash,
    parse,
    random: (seed: unknown) => (seed === undefined ? moment.random() : seededRandom(seed)),
    uuid: () => moment.uuid(),
    millis: () => moment.now,
    now: (picture?: string, timezone?: string) => formatMillis(moment.now, picture, timezone),
    eval: unknownFunction,
  };
}
