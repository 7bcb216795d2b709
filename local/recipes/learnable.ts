/**
 * Which part of the data a recipe learns from, and what makes data impossible to learn from. The percentile filters are
 * those of the service's feature transformations.
 */
import type { TrainingData } from "./recipe.ts";

/** Training cannot succeed on these data; the message says what to change. */
export class UnlearnableDataError extends Error {
  override readonly name = "UnlearnableDataError";
}

/**
 * The value below which a share of the sorted values lies (nearest rank): `share` 0 gives the smallest, 1 the largest.
 * An empty list has none and gives 0.
 */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

export interface HistoryPercentiles {
  readonly min: number;
  readonly max: number;
}

/** Users whose number of interactions lies within the two percentiles (inclusive) and is at least `least`. */
export function usersWithin(data: TrainingData, { min, max }: HistoryPercentiles, least: number): Uint32Array {
  const lengths = data.users.map((_, u) => data.offsets[u + 1]! - data.offsets[u]!);
  const known = lengths.filter((length) => length > 0);
  const from = Math.max(least, percentile(known, min));
  const to = percentile(known, max);
  return Uint32Array.from(lengths.keys()).filter((u) => lengths[u]! >= from && lengths[u]! <= to);
}

export function requireInteractions(data: TrainingData): void {
  if (data.item.length === 0) {
    throw new UnlearnableDataError(
      "There are no interactions to learn from: check the solution's eventType and eventValueThreshold against the imported data",
    );
  }
}
