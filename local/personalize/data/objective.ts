/**
 * optimizationObjective: items with much of an attribute are recommended more. How the service does it is not public; here
 * every event is weighed by its item,
 *
 *   w(i) = exp(s · (2 r(i) - 1))    r: share of the catalogue with less of the attribute than i, ties counted half
 *
 * The distribution that maximises the weighted likelihood is p(i | u) · w(i), normalised: relevance tilted towards the
 * attribute by a factor that depends on its rank alone, so that neither its unit nor an outlier matters. s is 0.5, 1 or 2: the top of
 * the catalogue is favoured over its bottom by e, e² or e⁴ (2.7, 7.4, 55 times). An item without a value has r = 0.
 */
import type { Column } from "../../recipes/recipe.ts";

export type Sensitivity = "LOW" | "MEDIUM" | "HIGH" | "OFF";

const strength: Readonly<Record<Sensitivity, number>> = { OFF: 0, LOW: 0.5, MEDIUM: 1, HIGH: 2 };

/** (I) r(i), in [0, 1); NaN counts as less than any number. */
export function ranksOf(values: Float64Array): Float64Array {
  const known = (value: number) => (Number.isNaN(value) ? -Infinity : value);
  const order = Array.from(values.keys()).sort((a, b) => {
    const [x, y] = [known(values[a] as number), known(values[b] as number)];
    return x < y ? -1 : x > y ? 1 : 0;
  });
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    const value = known(values[order[from] as number] as number);
    let to = from + 1;
    while (to < order.length && known(values[order[to] as number] as number) === value) to++;
    const rank = value === -Infinity ? 0 : (from + to) / 2 / order.length;
    for (const i of order.slice(from, to)) ranks[i] = rank;
    from = to;
  }
  return ranks;
}

/** (I) w(i); undefined where the objective is off. */
export function objectiveWeights(column: Column, sensitivity: Sensitivity): Float64Array | undefined {
  if (column.kind !== "number" || strength[sensitivity] === 0) return undefined;
  return ranksOf(column.values).map((rank) => Math.exp(strength[sensitivity] * (2 * rank - 1)));
}
