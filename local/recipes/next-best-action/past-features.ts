/**
 * What a user's own past with actions says about meeting one of them now: how often it was taken and left, how long ago, and how
 * readily the user takes actions at all. The same code writes it in training and in serving.
 */
import type { History } from "../recipe.ts";
import { add, type FeatureList } from "./feature-rows.ts";
import type { Outcome } from "./opportunities.ts";

const names = [
  ...["taken", "left", "never met", "taken last", "left last", "days since"],
  ...["all taken", "all left", "take rate"],
] as const;
export const pastWidth = names.length;

const daySeconds = 86_400;
/** Of the newest events only: the service too looks at the newest of a user's action interactions. */
const longest = 300;
/** A user without a past takes one action in two, and five occasions count as much as that guess. */
const guess = { rate: 0.5, weight: 5 };

/** @param first index of the first of the `pastWidth` features  @param outcomes by the history's event type code */
export function addPast(
  list: FeatureList,
  first: number,
  history: History,
  outcomes: readonly Outcome[],
  { action, now }: { readonly action: number; readonly now: number },
): void {
  const counts = { taken: 0, left: 0 };
  const all = { taken: 0, left: 0 };
  let last: "taken" | "left" | undefined;
  let lastTime = 0;
  for (let n = Math.max(0, history.item.length - longest); n < history.item.length; n++) {
    const outcome = outcomes[history.eventType[n]!] ?? "none";
    if (outcome === "none") continue;
    all[outcome]++;
    if (history.item[n] !== action) continue;
    counts[outcome]++;
    last = outcome;
    lastTime = history.timestamp[n]!;
  }
  const rate = (all.taken + guess.rate * guess.weight) / (all.taken + all.left + guess.weight);
  const values: Record<(typeof names)[number], number> = {
    taken: Math.log1p(counts.taken),
    left: Math.log1p(counts.left),
    "never met": Number(last === undefined),
    "taken last": Number(last === "taken"),
    "left last": Number(last === "left"),
    "days since": last === undefined ? 0 : Math.log1p(Math.max(0, now - lastTime) / daySeconds) / 3,
    "all taken": Math.log1p(all.taken) / 2,
    "all left": Math.log1p(all.left) / 2,
    "take rate": 2 * (rate - guess.rate),
  };
  names.forEach((name, n) => add(list, first + n, values[name]));
}
