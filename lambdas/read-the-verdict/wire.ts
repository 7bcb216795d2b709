/** Real clients for the handler. */
import { GetDataQualityResultCommand, GlueClient } from "@aws-sdk/client-glue";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const client = new GlueClient({});

export const handler = logged(
  "read-the-verdict",
  makeHandler({
    async resultOf(resultId) {
      const { Score, RuleResults } = await client.send(new GetDataQualityResultCommand({ ResultId: resultId }));
      const rules = (RuleResults ?? []).map((rule) => ({
        ...{ name: rule.Name ?? "", description: rule.Description ?? null, result: rule.Result ?? "ERROR" },
        ...{ metrics: rule.EvaluatedMetrics ?? {}, message: rule.EvaluationMessage ?? null },
      }));
      return { score: Score ?? null, rules };
    },
  }),
);
