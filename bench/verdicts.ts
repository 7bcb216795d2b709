/** What the measured recipes are held to, each as a row with its target and whether it was reached. */
import type { Row } from "./row.ts";

/** Median metrics by recipe, of one data set. */
export type Medians = Readonly<Record<string, Readonly<Record<string, number>>>>;

const mrr = "mean_reciprocal_rank_at_25";
const popularity = "aws-popularity-count";

/** One recipe against another on MRR@25. */
const ratios: readonly { readonly of: string; readonly to: string; readonly least: number }[] = [
  { of: "aws-user-personalization-v2", to: "aws-hrnn", least: 1 },
  { of: "aws-hrnn-metadata", to: "aws-hrnn", least: 1 },
  ...["aws-hrnn", "aws-hrnn-metadata", "aws-user-personalization", "aws-user-personalization-v2"].map((of) => ({
    ...{ of, to: popularity, least: 2 },
  })),
  { of: "aws-sims", to: "plain-cosine", least: 1 },
];

/** What the real service reported on the same events (reference, section 6.4). */
const reported: Medians = {
  "aws-user-personalization": {
    [mrr]: 0.269,
    normalized_discounted_cumulative_gain_at_25: 0.3321,
    precision_at_5: 0.075,
    precision_at_25: 0.0379,
  },
  "aws-sims": {
    [mrr]: 0.1669,
    normalized_discounted_cumulative_gain_at_25: 0.2895,
    precision_at_5: 0.0824,
    precision_at_25: 0.0418,
  },
};

const verdict = (measured: number, least: number) => (measured >= least ? "reached" : "missed");

/** Rows for what was measured; a comparison with a recipe that was not is left out. */
export function verdictsOf(dataSet: string, medians: Medians): Row[] {
  const compared = ratios.flatMap(({ of, to, least }): Row[] => {
    const [value, other] = [medians[of]?.[mrr], medians[to]?.[mrr]];
    if (value === undefined || other === undefined) return [];
    const measured = value / other;
    return [
      { what: `${dataSet}, ${of} / ${to}, MRR@25`, measured, unit: verdict(measured, least), target: `>= ${least}` },
    ];
  });
  if (dataSet !== "click-watch") return compared;
  const againstService = Object.entries(reported).flatMap(([recipe, metrics]) =>
    Object.entries(metrics).flatMap(([metric, least]): Row[] => {
      const measured = medians[recipe]?.[metric];
      if (measured === undefined) return [];
      const what = `${dataSet}, ${recipe}, ${metric}, beside the service's`;
      return [{ what, measured, unit: verdict(measured, least), target: `>= ${least}` }];
    }),
  );
  return [...compared, ...againstService];
}
