/**
 * The actions a user is most likely to take, with the probability of each as its score. Actions that have expired, and those that the user
 * took too recently to be asked again, are left out by themselves (reference, section 5).
 */
import type { PredictedAction } from "@aws-sdk/client-personalize-runtime";
import type { ControlPlane } from "../control-plane.ts";
import { allOf, type Bitmap, intersect, subtract } from "../filters/bitmaps.ts";
import { rounded } from "./campaign-request.ts";
import { filterOf, type FilterRequest } from "./filtering.ts";
import type { Serving } from "./open.ts";

export interface ActionsRequest extends FilterRequest {
  readonly userId: string;
}

/** The guide's two spellings. */
const expirations = ["EXPIRATION_TIMESTAMP", "ACTION_EXPIRATION_TIMESTAMP"];
const secondsPerDay = 86_400;

export function bestActions(
  plane: ControlPlane,
  answering: Serving,
  request: ActionsRequest,
  count: number,
): PredictedAction[] {
  if (count === 0) return [];
  const { serving, exploration } = answering;
  const now = Math.floor(plane.clock.now() / 1000);
  const history = serving.history(request.userId);
  const user = serving.userIndex(request.userId);
  const scored = serving.model.recommend({
    ...{ count, now, allowed: allowedActions(plane, answering, request, now) },
    ...(history ? { history } : {}),
    ...(user === undefined ? {} : { user }),
    ...(exploration ? { exploration: { ...exploration, random: plane.random } } : {}),
  });
  return scored.map(({ item, score }) => ({
    actionId: serving.model.items[item],
    ...(score === undefined ? {} : { score: rounded(score) }),
  }));
}

function allowedActions(plane: ControlPlane, answering: Serving, request: ActionsRequest, now: number): Bitmap {
  const { serving, datasetGroupArn } = answering;
  const about = { datasetGroupArn, userId: request.userId };
  const ids = { ids: serving.model.items, position: serving.itemIndex };
  const allowed = allOf(ids.ids.length);
  for (const column of expirations) {
    const expression = `EXCLUDE ActionID WHERE Actions.${column} <= $NOW`;
    const expired = plane.filtering.compiled(expression, { NOW: String(minuteOf(now)) }, "ActionID");
    intersect(allowed, plane.filtering.allowed(expired, ids, about) ?? allowed);
  }
  const filter = filterOf(plane, datasetGroupArn, request, "ActionID");
  const filtered = filter && plane.filtering.allowed(filter, ids, about);
  if (filtered) intersect(allowed, filtered);
  return subtract(allowed, takenTooRecently(plane, answering, request.userId, now));
}

/** Expiry is looked at by the minute, so that what was worked out for it serves more than one request. */
const minuteOf = (seconds: number) => seconds - (seconds % 60);

/** REPEAT_FREQUENCY is the least number of days between two times that a user takes an action. */
function takenTooRecently(plane: ControlPlane, { serving, datasetGroupArn }: Serving, userId: string, now: number) {
  const recent = new Uint8Array((serving.model.items.length + 7) >> 3);
  for (const { itemId, eventType, timestamp } of plane.jobs.actionInteractionsOf(datasetGroupArn, userId)) {
    const action = serving.itemIndex(itemId);
    if (action === undefined || eventType.toUpperCase() !== "TAKEN") continue;
    const row = plane.jobs.metadataOf(datasetGroupArn, "ACTIONS", itemId, ["REPEAT_FREQUENCY"]);
    const days = Number(row?.REPEAT_FREQUENCY ?? 0);
    if (now - timestamp < days * secondsPerDay) recent[action >> 3]! |= 1 << (action & 7);
  }
  return recent;
}
