/**
 * What rules measure while rows go by, each thing once however many rules ask for it. Memory: a counter per measure, and
 * for uniqueness, distinct values and entropy one entry per distinct value.
 */
import type { Row } from "./table-schema.ts";

export interface RowCount {
  rows: number;
}

/** How often each combination of values occurs; rows in which all are null are left out. */
export interface ValueCounts {
  readonly counts: Map<string, number>;
  rows: number;
}

export interface NumberStatistics {
  count: number;
  nulls: number;
  sum: number;
  mean: number;
  /** Sum of squared differences from the mean (Welford). */
  spread: number;
  min: number;
  max: number;
}

/** Shortest and longest text in characters; a null counts as empty. */
export interface Lengths {
  rows: number;
  min: number;
  max: number;
}

/** Of two columns, over the rows that have both. */
export interface Comoments {
  count: number;
  meanA: number;
  meanB: number;
  spreadA: number;
  spreadB: number;
  joint: number;
}

/** Rows that meet a test, of all. */
export interface Share {
  rows: number;
  met: number;
}

export interface Measures {
  rowCount(): RowCount;
  valueCounts(columns: readonly number[]): ValueCounts;
  numbers(column: number): NumberStatistics;
  lengths(column: number): Lengths;
  comoments(a: number, b: number): Comoments;
  share(test: (row: Row) => boolean): Share;
  /** Of the rows that meet the test alone; `key` tells equal tests. */
  where(key: string, test: (row: Row) => boolean): Measures;
  /** Gives one row to everything that was asked for. */
  add(row: Row): void;
}

type Taker = (row: Row) => void;

export function createMeasures(): Measures {
  const takers: Taker[] = [];
  const known = new Map<string, unknown>();
  const once = <T>(key: string, state: T, taker: (state: T, row: Row) => void): T => {
    const before = known.get(key);
    if (before !== undefined) return before as T; // keys name their own kind of state
    known.set(key, state);
    takers.push((row) => taker(state, row));
    return state;
  };
  const add = (row: Row): void => {
    for (const take of takers) take(row);
  };
  return {
    add,
    rowCount: () => once("rows", { rows: 0 }, (state) => void state.rows++),
    valueCounts: (columns) =>
      once(`values ${columns.join()}`, { counts: new Map<string, number>(), rows: 0 }, countValues(columns)),
    numbers: (column) => once(`numbers ${column}`, noNumbers(), (state, row) => takeNumber(state, row[column] ?? null)),
    lengths: (column) => once(`lengths ${column}`, { rows: 0, min: Infinity, max: 0 }, takeLength(column)),
    comoments: (a, b) => once(`pairs ${a} ${b}`, noPairs(), (state, row) => takePair(state, row[a], row[b])),
    share: (test) => once(`share ${takers.length}`, { rows: 0, met: 0 }, takeShare(test)),
    where(key, test) {
      const inner = once(`where ${key}`, createMeasures(), (measures, row) => {
        if (test(row)) measures.add(row);
      });
      return inner;
    },
  };
}

const countValues = (columns: readonly number[]) => {
  const [first = 0] = columns;
  const keyOf = columns.length === 1 ? (row: Row) => row[first] ?? null : (row: Row) => combined(columns, row);
  return (state: ValueCounts, row: Row): void => {
    const key = keyOf(row);
    if (key === null) return;
    state.rows++;
    state.counts.set(key, (state.counts.get(key) ?? 0) + 1);
  };
};

/** Null when all are; otherwise a text that differs for different values. */
function combined(columns: readonly number[], row: Row): string | null {
  const values = columns.map((column) => row[column] ?? null);
  return values.every((value) => value === null) ? null : JSON.stringify(values);
}

const noNumbers = (): NumberStatistics => ({
  ...{ count: 0, nulls: 0, sum: 0, mean: 0, spread: 0, min: Infinity, max: -Infinity },
});

function takeNumber(state: NumberStatistics, value: string | null): void {
  if (value === null) return void state.nulls++;
  const number = Number(value);
  state.count++;
  state.sum += number;
  const difference = number - state.mean;
  state.mean += difference / state.count;
  state.spread += difference * (number - state.mean);
  if (number < state.min) state.min = number;
  if (number > state.max) state.max = number;
}

const takeLength = (column: number) => (state: Lengths, row: Row) => {
  const length = (row[column] ?? "").length;
  state.rows++;
  if (length < state.min) state.min = length;
  if (length > state.max) state.max = length;
};

const noPairs = (): Comoments => ({ count: 0, meanA: 0, meanB: 0, spreadA: 0, spreadB: 0, joint: 0 });

function takePair(state: Comoments, textA: string | null = null, textB: string | null = null): void {
  if (textA === null || textB === null) return;
  const [a, b] = [Number(textA), Number(textB)];
  state.count++;
  const fromA = a - state.meanA;
  state.meanA += fromA / state.count;
  state.spreadA += fromA * (a - state.meanA);
  const fromB = b - state.meanB;
  state.meanB += fromB / state.count;
  state.spreadB += fromB * (b - state.meanB);
  state.joint += fromA * (b - state.meanB);
}

const takeShare = (test: (row: Row) => boolean) => (state: Share, row: Row) => {
  state.rows++;
  if (test(row)) state.met++;
};
