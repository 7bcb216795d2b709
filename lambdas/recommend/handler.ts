/** `GET /groups/{group}/solutions/{solution}/recommendations?userId=...`: what the solution's campaign shows a user. */
import { answering, HttpProblem, json } from "../lib/http.ts";

export interface Wanted {
  readonly campaignArn: string;
  readonly userId: string;
  readonly numResults: number;
  readonly filterArn: string | null;
  /** By the names that the filter's expression has after its dollars. */
  readonly filterValues: Readonly<Record<string, string>>;
}

export interface Listed {
  readonly recommendationId: string;
  readonly items: readonly { readonly itemId: string; readonly score: number | null }[];
}

export interface RecommendDeps {
  /** ARNs by the names in the configuration. */
  readonly campaigns: Readonly<Record<string, string>>;
  readonly filters: Readonly<Record<string, string>>;
  readonly recommend: (wanted: Wanted) => Promise<Listed>;
}

function named(kind: string, table: Readonly<Record<string, string>>, name: string): string {
  const arn = Object.hasOwn(table, name) ? table[name] : undefined;
  if (arn !== undefined) return arn;
  throw new HttpProblem(
    404,
    "NotFound",
    `There is no ${kind} "${name}"; there is ${Object.keys(table).join(", ") || "none"}`,
  );
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 500) return count;
  throw new HttpProblem(400, "InvalidInput", `numResults is "${text}"; it must be a whole number from 1 to 500`);
}

const valuePrefix = "filterValues.";

export const makeHandler = ({ campaigns, filters, recommend }: RecommendDeps) =>
  answering(async ({ pathParameters: { solution = "" }, queryStringParameters: query }) => {
    const campaignArn = named("solution", campaigns, solution);
    const { userId = "", numResults = "25", filter } = query;
    if (userId === "") throw new HttpProblem(400, "InvalidInput", "Say for whom: ?userId=...");
    const values = Object.entries(query).filter(([name]) => name.startsWith(valuePrefix));
    const list = await recommend({
      ...{ campaignArn, userId, numResults: countOf(numResults) },
      filterArn: filter === undefined ? null : named("filter", filters, filter),
      filterValues: Object.fromEntries(values.map(([name, value]) => [name.slice(valuePrefix.length), value])),
    });
    return json(200, list);
  });
