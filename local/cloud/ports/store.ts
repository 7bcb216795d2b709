/**
 * Durable tables of JSON values, one journal under all of them.
 *
 * Invariants
 *   S1  Reads see every earlier `put` of this process at once; `commit()` resolves when those puts survive a `kill -9`.
 *   S2  Puts made in one synchronous stretch of code become durable together or not at all.
 *   S3  Values are immutable: put a new value, never change one that was put or got.
 *   S4  Keys come back in insertion order from `entries()`; `undefined` members are dropped as JSON does.
 *       Values must survive JSON (dates as epoch milliseconds, no Map, no typed array).
 */
export interface Table<T> {
  get(key: string): T | undefined;
  has(key: string): boolean;
  put(key: string, value: T): void;
  delete(key: string): void;
  entries(): IterableIterator<[string, T]>;
  values(): IterableIterator<T>;
  readonly size: number;
}

export interface Store {
  /** The table of this name, made when new. Names are `<service>/<kind>`, e.g. `personalize/campaigns`. */
  table<T>(name: string): Table<T>;
  /** Resolves when everything put so far is on disk. Concurrent callers share one fsync. */
  commit(): Promise<void>;
}
