/**
 * Which items are cold: few interactions and young, as the hyperparameters say.
 *
 *   cold_start_max_interactions   cold items have fewer interactions than this
 *   cold_start_max_duration       and came at most so many days before
 *   cold_start_relative_from      the training (currentTime) or the newest item (latestItem)
 */
import { UnlearnableDataError } from "../learnable.ts";
import { numberOf, type Parameters } from "../parameters.ts";
import type { TrainingData } from "../recipe.ts";

const fewest = 100;
const most = 80_000;
const day = 86_400;

/**
 * @param now epoch seconds of the training; absent = the newest interaction
 * @returns a bitmap over the items, as `Query.allowed`
 */
export function coldItems(data: TrainingData, parameters: Parameters, now: number | undefined): Uint8Array {
  const events = new Uint32Array(data.items.length);
  for (const item of data.item) events[item]!++;
  const maxInteractions = numberOf(parameters, "cold_start_max_interactions");
  const since = referenceOf(data, parameters, now) - numberOf(parameters, "cold_start_max_duration") * day;
  const cold = new Uint8Array(Math.ceil(data.items.length / 8));
  let count = 0;
  for (let i = 0; i < data.items.length; i++) {
    if (events[i]! >= maxInteractions || data.itemCreated[i]! < since) continue;
    cold[i >> 3]! |= 1 << (i & 7);
    count++;
  }
  if (count < fewest || count > most) throw new UnlearnableDataError(outside(count));
  return cold;
}

const outside = (count: number) =>
  `Create failed. The dataset has ${count} cold items; there must be from ${fewest} to ${most}. Adjust cold_start_max_interactions, ` +
  `cold_start_max_duration and cold_start_relative_from, or import items with their CREATION_TIMESTAMP.`;

function referenceOf({ itemCreated, timestamp }: TrainingData, parameters: Parameters, now: number | undefined) {
  const newest = (times: Float64Array) => times.reduce((latest, time) => Math.max(latest, time), -Infinity);
  return parameters["cold_start_relative_from"] === "currentTime" ? (now ?? newest(timestamp)) : newest(itemCreated);
}
