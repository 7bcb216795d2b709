/**
 * One metadata column in memory, a value a position, made to be asked for all positions at once: numbers as they are,
 * texts as codes of their distinct values. What `tests.ts` says of one value holds here for each.
 */
import type { MetadataValue } from "../job-runner.ts";
import { type Bitmap, bitmapWhere, noneOf } from "./bitmaps.ts";
import { compareNumbers, hasOperand, numberIn, numericOperand, partsOf, type PreparedTest } from "./tests.ts";

export interface FilterColumn {
  /** The positions whose value passes. */
  passing(test: PreparedTest): Bitmap;
  /** False when the column is of another kind than the value: then it has to be made anew. */
  set(position: number, value: MetadataValue): boolean;
}

export function createColumn(values: readonly MetadataValue[]): FilterColumn {
  const isNumeric = values.some((value) => value !== null) && values.every((v) => v === null || typeof v === "number");
  return isNumeric ? numberColumn(values) : textColumn(values);
}

function numberColumn(given: readonly MetadataValue[]): FilterColumn {
  const values = Float64Array.from(given, (value) => (value === null ? NaN : Number(value)));
  const size = values.length;

  function inList(wanted: ReadonlySet<string> | undefined): Bitmap {
    if (!wanted) return bitmapWhere(size, (n) => !Number.isNaN(values[n]));
    const numbers = new Set([...wanted].map(numberIn).filter((each) => !Number.isNaN(each)));
    if (numbers.size > mostCompared) return bitmapWhere(size, (n) => numbers.has(values[n]!));
    const few = Float64Array.from(numbers);
    return bitmapWhere(size, (n) => few.includes(values[n]!) && !Number.isNaN(values[n]));
  }

  return {
    passing(test) {
      if (test.kind === "membership") {
        const listed = inList(test.wanted);
        return test.negated ? bitmapWhere(size, (n) => ((listed[n >> 3]! >> (n & 7)) & 1) === 0) : listed;
      }
      return comparing(values, test.comparison, numericOperand(test.operand));
    },
    set(position, value) {
      if (value !== null && typeof value !== "number") return false;
      values[position] = value ?? NaN;
      return true;
    },
  };
}

/** Values of a list that are compared one by one; more are looked up. */
const mostCompared = 4;

/** Every comparison as a closed range less one value, so that one loop without calls serves all: NaN is in no range. */
function comparing(values: Float64Array, comparison: string, operand: number): Bitmap {
  if (Number.isNaN(operand)) return noneOf(values.length);
  const low = comparison === "=" || comparison.startsWith(">") ? operand : -Infinity;
  const high = comparison === "=" || comparison.startsWith("<") ? operand : Infinity;
  const but = comparison.endsWith("=") && comparison !== "!=" ? NaN : operand;
  const bit = (value: number) => (value >= low && value <= high && value !== but ? 1 : 0);
  const v = values;
  const bitmap = noneOf(v.length);
  const whole = v.length >> 3;
  // Eight at a time and written out: a loop of eight takes three times as long, a function called for each five times.
  for (let at = 0, n = 0; at < whole; at++, n += 8) {
    const lower = bit(v[n]!) | (bit(v[n + 1]!) << 1) | (bit(v[n + 2]!) << 2) | (bit(v[n + 3]!) << 3);
    const upper = bit(v[n + 4]!) | (bit(v[n + 5]!) << 1) | (bit(v[n + 6]!) << 2) | (bit(v[n + 7]!) << 3);
    bitmap[at] = lower | (upper << 4);
  }
  for (let n = 8 * whole; n < v.length; n++) bitmap[whole]! |= bit(v[n]!) << (n & 7);
  return bitmap;
}

/** @param flags 0 or 1 by code */
function flagged(c: Uint32Array, flags: Uint8Array): Bitmap {
  const bitmap = noneOf(c.length);
  const whole = c.length >> 3;
  for (let at = 0, n = 0; at < whole; at++, n += 8) {
    const lower = flags[c[n]!]! | (flags[c[n + 1]!]! << 1) | (flags[c[n + 2]!]! << 2) | (flags[c[n + 3]!]! << 3);
    const upper = flags[c[n + 4]!]! | (flags[c[n + 5]!]! << 1) | (flags[c[n + 6]!]! << 2) | (flags[c[n + 7]!]! << 3);
    bitmap[at] = lower | (upper << 4);
  }
  for (let n = 8 * whole; n < c.length; n++) bitmap[whole]! |= flags[c[n]!]! << (n & 7);
  return bitmap;
}

function textColumn(given: readonly MetadataValue[]): FilterColumn {
  const texts = createTexts();
  const codes = Uint32Array.from(given, texts.codeOf);
  return {
    passing(test) {
      const passing = texts.passing(test);
      return flagged(codes, passing);
    },
    set(position, value) {
      codes[position] = texts.codeOf(value);
      return true;
    },
  };
}

/** The distinct texts of a column: code 0 is null, the others count from 1. */
function createTexts() {
  const codes = new Map<string, number>();
  const numbers = [NaN];
  /** By one of a text's values: the codes of the texts that have it. */
  const withPart = new Map<string, number[]>();

  function codeOf(value: MetadataValue): number {
    if (value === null) return 0;
    const text = String(value);
    const known = codes.get(text);
    if (known !== undefined) return known;
    const code = numbers.length;
    codes.set(text, code);
    numbers.push(numberIn(text));
    for (const part of new Set(partsOf(text))) {
      const having = withPart.get(part);
      if (having) having.push(code);
      else withPart.set(part, [code]);
    }
    return code;
  }

  /** By code: 1 when a text passes. */
  function passing(test: PreparedTest): Uint8Array {
    const flags = new Uint8Array(numbers.length);
    if (test.kind === "membership") {
      if (test.wanted === undefined) flags.fill(1, 1);
      for (const part of test.wanted ?? []) for (const code of withPart.get(part) ?? []) flags[code] = 1;
      return test.negated ? flags.map((flag) => 1 - flag) : flags;
    }
    if (!hasOperand(test.operand)) return flags;
    const equal = withPart.get(String(test.operand)) ?? [];
    if (test.comparison === "=") for (const code of equal) flags[code] = 1;
    else if (test.comparison === "!=") {
      flags.fill(1, 1);
      for (const code of equal) flags[code] = 0;
    } else {
      const operand = numericOperand(test.operand);
      numbers.forEach((number, code) => (flags[code] = compareNumbers(number, test.comparison, operand) ? 1 : 0));
    }
    return flags;
  }

  return { codeOf, passing };
}
