/**
 * What the newest answers recommended, by recommendation id: an event that names one and lists no impression was seen among these items.
 * In memory: an id from before a restart, or older than the newest twenty thousand, implies nothing.
 */
import { markOf, recommendationIdOf } from "./recommendation-ids.ts";

export interface Answered {
  /**
   * @param arn the campaign or recommender that answers
   * @returns a recommendation id under which the items are remembered
   */
  remember(items: readonly string[], arn: string): string;
  /** Undefined for an id nobody remembers. */
  itemsOf(recommendationId: string): readonly string[] | undefined;
}

const mostRemembered = 20_000;
/** As many as an event may list. */
const mostItems = 25;

export function createAnswered(newUuid: () => string): Answered {
  const marks = new Map<string, string>();
  const mark = (arn: string) => {
    const known = marks.get(arn) ?? markOf(arn);
    marks.set(arn, known);
    return known;
  };
  // Two halves instead of an order: when the newer is full, the older goes.
  let newer = new Map<string, readonly string[]>();
  let older = new Map<string, readonly string[]>();
  return {
    remember(items, arn) {
      if (newer.size >= mostRemembered / 2) [older, newer] = [newer, new Map<string, readonly string[]>()];
      const id = recommendationIdOf(mark(arn), newUuid());
      newer.set(id, items.slice(0, mostItems));
      return id;
    },
    itemsOf: (id) => newer.get(id) ?? older.get(id),
  };
}
