/**
 * Where services count what CloudWatch shows of them. Best effort, as CloudWatch's own counts are: those of the running
 * minute are lost when the process is killed.
 */
export interface CallCounter {
  /** One more of this metric, now. Cheap: called for every request. */
  count(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): void;
  /** One more value of this metric, in milliseconds, now. As cheap. */
  measure?(namespace: string, name: string, dimensions: Readonly<Record<string, string>>, milliseconds: number): void;
}

/** For a service that nobody watches. */
export const uncounted: CallCounter = { count: () => {} };
