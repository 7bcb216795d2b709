/** Given items in a user's order: those the model knows with a score, the others behind them in the order given. */
import type { PredictedItem } from "@aws-sdk/client-personalize-runtime";
import type { ControlPlane } from "../control-plane.ts";
import { applyFilter } from "../filters/apply-filter.ts";
import { filterOf, rounded, type FilterRequest } from "./campaign-request.ts";
import type { Serving } from "./open.ts";

export interface RankingRequest extends FilterRequest {
  readonly userId: string;
  readonly inputList: readonly string[];
}

export function rankItems(
  plane: ControlPlane,
  { serving, datasetGroupArn }: Serving,
  request: RankingRequest,
): PredictedItem[] {
  const matchers = filterOf(plane, datasetGroupArn, request, request);
  const wanted = [...new Set(request.inputList)].filter(matchers ? applyFilter(matchers) : () => true);
  const known = wanted.flatMap((id) => serving.itemIndex(id) ?? []);
  const history = serving.history(request.userId);
  const user = serving.userIndex(request.userId);
  const query = {
    count: known.length,
    now: Math.floor(plane.clock.now() / 1000),
    ...(history ? { history } : {}),
    ...(user === undefined ? {} : { user }),
  };
  const scored = serving.model.rank(query, Uint32Array.from(known)).map(({ item, score }) => ({
    itemId: serving.model.items[item],
    ...(score === undefined ? {} : { score: rounded(score) }),
  }));
  const tail = wanted.filter((id) => serving.itemIndex(id) === undefined).map((itemId) => ({ itemId }));
  return [...scored, ...tail];
}
