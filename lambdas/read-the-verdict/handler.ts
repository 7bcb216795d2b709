/** What Glue Data Quality found about one dataset, in the record's words: the score, and each rule that is broken. */
import * as z from "zod";
import type { QualityReport } from "../../pipeline/records/run-record.ts";

const Input = z.object({ type: z.string(), ruleset: z.string(), resultId: z.string() });

/** The members of GetDataQualityResult that matter here. */
export interface Verdict {
  readonly score: number | null;
  readonly rules: readonly {
    readonly name: string;
    readonly description: string | null;
    readonly result: string;
    readonly metrics: Readonly<Record<string, number>>;
    readonly message: string | null;
  }[];
}

export interface ReadTheVerdictDeps {
  readonly resultOf: (resultId: string) => Promise<Verdict>;
}

/** A rule that could not be evaluated is as broken as one that failed. */
export const makeHandler =
  ({ resultOf }: ReadTheVerdictDeps) =>
  async (event: unknown): Promise<QualityReport> => {
    const { type, ruleset, resultId } = Input.parse(event);
    const { score, rules } = await resultOf(resultId);
    const broken = rules
      .filter(({ result }) => result !== "PASS")
      .map(({ name, description, result, metrics, message }) => ({
        ...{ rule: description ?? name, result, observed: { ...metrics } },
        message: message ?? "",
      }));
    return { type, ruleset, score, rules: rules.length, broken };
  };
