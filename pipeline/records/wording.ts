/** How records are put into words, the same in mails, on the terminal and in reports. */
import type { RuleResult } from "../gate/evidence.ts";

/** Metrics by the names that people say: normalized_discounted_cumulative_gain_at_25 is nDCG@25. */
export const shortly = (text: string): string =>
  text
    .replaceAll("normalized_discounted_cumulative_gain", "nDCG")
    .replaceAll("mean_reciprocal_rank", "MRR")
    .replaceAll("average_rewards_at_k", "average rewards@k")
    .replace(/\b(nDCG|MRR|precision|hit_rate)_at_(\d+)/g, "$1@$2");

export const shown = (value: number | string | null | undefined): string => {
  if (value === null || value === undefined) return "-";
  return typeof value === "number" ? `${Number(value.toPrecision(Math.abs(value) >= 1_000 ? 15 : 5))}` : shortly(value);
};

/** What an ARN names: `solution/x/1f` of a version, `campaign/y`. */
export const named = (arn: string): string => arn.split(":").slice(5).join(":") || arn;

export const percent = (share: number | null): string =>
  share === null ? "not computable" : `${share >= 0 ? "+" : ""}${(share * 100).toFixed(1)} %`;

export const mark = ({ passed, skipped }: RuleResult): string => (skipped ? "skip" : passed ? "pass" : "FAIL");
