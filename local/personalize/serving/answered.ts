/**
 * What the newest answers recommended, by recommendation id: an event that names one and lists no impression was seen among these items.
 * In memory, and on disk between a process that ends in peace and the next: a row for each answer would cost more than the answer. An
 * id from before a crash, or older than the newest twenty thousand, implies nothing.
 */
import type { Table } from "../../cloud/ports/store.ts";
import { markOf, recommendationIdOf } from "./recommendation-ids.ts";

interface Recommended {
  readonly itemId?: string | undefined;
  readonly actionId?: string | undefined;
}

export interface Answered {
  /**
   * @param list of items or of actions; what a frozen one holds is kept once, however often it is the answer
   * @param arn the campaign or recommender that answers
   * @returns a recommendation id under which the items are remembered
   */
  remember(list: readonly Recommended[], arn: string): string;
  /** Undefined for an id nobody remembers. */
  itemsOf(recommendationId: string): readonly string[] | undefined;
  /** Puts everything remembered into the table, for the next process. */
  save(): void;
  /** Takes out of it what the process before has left. */
  resume(): void;
}

/** Answers by recommendation id, the oldest first. */
export type AnsweredPage = readonly (readonly [id: string, items: readonly string[]])[];

const answersPerPage = 1000;

const mostRemembered = 20_000;
/** As many as an event may list. */
const mostItems = 25;

export function createAnswered(newUuid: () => string, saved: Table<AnsweredPage>): Answered {
  const marks = new Map<string, string>();
  const mark = (arn: string) => {
    const known = marks.get(arn) ?? markOf(arn);
    marks.set(arn, known);
    return known;
  };
  // Two halves instead of an order: when the newer is full, the older goes.
  let newer = new Map<string, readonly string[]>();
  let older = new Map<string, readonly string[]>();
  const add = (id: string, items: readonly string[]) => {
    if (newer.size >= mostRemembered / 2) [older, newer] = [newer, new Map<string, readonly string[]>()];
    newer.set(id, items);
  };
  const ofFrozen = new WeakMap<readonly Recommended[], readonly string[]>();
  const idsOf = (list: readonly Recommended[]): readonly string[] => {
    const known = ofFrozen.get(list);
    if (known) return known;
    const ids = list.slice(0, mostItems).map(({ itemId, actionId }) => itemId ?? actionId ?? "");
    if (Object.isFrozen(list)) ofFrozen.set(list, ids);
    return ids;
  };
  return {
    remember(list, arn) {
      const id = recommendationIdOf(mark(arn), newUuid());
      add(id, idsOf(list));
      return id;
    },
    itemsOf: (id) => newer.get(id) ?? older.get(id),
    save() {
      const all = [...older, ...newer];
      for (let from = 0; from < all.length; from += answersPerPage) {
        saved.put(String(from), all.slice(from, from + answersPerPage));
      }
    },
    resume() {
      for (const [key, page] of [...saved.entries()]) {
        for (const [id, items] of page) add(id, items);
        saved.delete(key);
      }
    },
  };
}
