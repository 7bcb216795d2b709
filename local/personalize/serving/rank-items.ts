/** Given items in a user's order: those the model knows with a score, the others behind them in the order given. */
import type { PredictedItem } from "@aws-sdk/client-personalize-runtime";
import type { ControlPlane } from "../control-plane.ts";
import { isAllowed } from "../filters/bitmaps.ts";
import { rounded } from "./campaign-request.ts";
import { filterOf, type FilterRequest } from "./filtering.ts";
import type { Serving } from "./open.ts";

export interface RankingRequest extends FilterRequest {
  readonly userId: string;
  readonly inputList: readonly string[];
  /** Under the names of the Interactions schema. */
  readonly context?: Readonly<Record<string, string>> | undefined;
}

export function rankItems(plane: ControlPlane, answering: Serving, request: RankingRequest): PredictedItem[] {
  const { serving } = answering;
  const wanted = [...new Set(request.inputList)].filter(filterFor(plane, answering, request));
  const known = wanted.flatMap((id) => serving.itemIndex(id) ?? []);
  const history = serving.history(request.userId);
  const user = serving.userIndex(request.userId);
  const query = {
    count: known.length,
    now: Math.floor(plane.clock.now() / 1000),
    ...(history ? { history } : {}),
    ...(user === undefined ? {} : { user }),
    ...(request.context ? { context: request.context } : {}),
  };
  const scored = serving.model.rank(query, Uint32Array.from(known)).map(({ item, score }) => ({
    itemId: serving.model.items[item],
    ...(score === undefined ? {} : { score: rounded(score) }),
  }));
  const tail = wanted.filter((id) => serving.itemIndex(id) === undefined).map((itemId) => ({ itemId }));
  return [...scored, ...tail];
}

/** Items the model knows by the bitmap over all, the others one by one. */
function filterFor(
  plane: ControlPlane,
  { serving, datasetGroupArn }: Serving,
  { userId, ...request }: RankingRequest,
): (id: string) => boolean {
  const filter = filterOf(plane, datasetGroupArn, request);
  if (!filter) return () => true;
  const about = { datasetGroupArn, userId };
  const allowed = plane.filtering.allowed(filter, { ids: serving.model.items, position: serving.itemIndex }, about);
  return (id) => {
    const item = serving.itemIndex(id);
    return item === undefined ? plane.filtering.allows(filter, id, about) : isAllowed(allowed, item);
  };
}
