import { describe, expect, it } from "@jest/globals";
import { createStreamedEvents } from "../../../../local/personalize/data/streamed-rows.ts";
import { rememberHistories, usersRemembered } from "../../../../local/personalize/jobs/remembered-histories.ts";
import type { History } from "../../../../local/recipes/recipe.ts";

const history = (...items: number[]): History => ({
  item: Uint32Array.from(items),
  timestamp: new Float64Array(items.length),
  eventType: new Uint16Array(items.length),
});

const event = (userId: string | undefined, sessionId: string, eventId: string) => ({
  ...{ eventId, sessionId, eventType: "view", itemId: "a", timestamp: 1, properties: {} },
  ...(userId === undefined ? {} : { userId }),
});

describe("a user's history that is asked for again", () => {
  function remembering(capacity = 2) {
    const events = createStreamedEvents();
    const read: string[] = [];
    const of = rememberHistories(capacity, (userId) => events.of(userId), {
      read: (userId, streamed) => (read.push(userId), history(7, ...streamed.map(() => 8))),
    });
    return { events, read, of };
  }

  it("is the very same object as long as nothing new is known of the user", () => {
    const { of, events, read } = remembering();
    const first = of("ann");
    events.add(event("bob", "s1", "e1"));

    expect(of("ann")).toBe(first);
    expect(read).toEqual(["ann"]);
  });

  it("is read anew after an event of the user, the first as well as a later one", () => {
    const { of, events } = remembering();
    const lengths = [of("ann")?.item.length];
    for (const id of ["e1", "e2"]) {
      events.add(event("ann", "s1", id));
      lengths.push(of("ann")?.item.length);
    }

    expect(lengths).toEqual([1, 2, 3]);
  });

  it("is read anew when a session turns out to be the user's", () => {
    const { of, events } = remembering();
    events.add(event(undefined, "s1", "e1"));
    const before = of("ann")?.item.length;
    events.add(event("ann", "s1", "e2"));

    expect([before, of("ann")?.item.length]).toEqual([1, 3]);
  });

  it("is forgotten when as many others as are remembered were asked for since", () => {
    const { of, read } = remembering(2);
    for (const user of ["ann", "bob", "ann", "cy", "ann", "bob"]) of(user);

    expect(read).toEqual(["ann", "bob", "cy", "bob"]);
  });
});

describe("how many users are remembered", () => {
  it.each([
    { items: 1500, users: 4096, why: "as many as are asked for in a while" },
    { items: 10_000, users: 838, why: "32 MiB of scores, four bytes each" },
    { items: 5_000_000, users: 16, why: "a page's worth at least" },
    { items: 0, users: 4096, why: "an empty catalogue has no scores" },
  ])("for $items items is $users ($why)", ({ items, users }) => {
    expect(usersRemembered(items)).toBe(users);
  });

  describe("and can be continued", () => {
    const timed = (eventId: string, timestamp: number) => ({ ...event("ann", "s1", eventId), timestamp });

    function continuing() {
      const events = createStreamedEvents();
      const seen = { read: 0, news: [] as string[][] };
      const of = rememberHistories(2, (userId) => events.of(userId), {
        read: (_, streamed) => (seen.read++, history(7, ...streamed.map(() => 8))),
        extend: (before, news) => {
          seen.news.push(news.map(({ eventId }) => eventId));
          return { ...history(...before.item, ...news.map(() => 9)), before: new WeakRef(before) };
        },
      });
      return { events, seen, of };
    }

    it("is, with what came in behind, and names the one before", () => {
      const { events, seen, of } = continuing();
      const first = of("ann");
      events.add(timed("e1", 5));
      const second = of("ann");
      events.add(timed("e2", 6));
      events.add(timed("e3", 7));

      expect([...(of("ann")?.item ?? [])]).toEqual([7, 9, 9, 9]);
      expect(seen).toEqual({ read: 1, news: [["e1"], ["e2", "e3"]] });
      expect(second?.before?.deref()).toBe(first);
    });

    it("is read anew when an event came in between, also with others behind", () => {
      const { events, seen, of } = continuing();
      events.add(timed("e1", 5));
      of("ann");
      events.add(timed("e0", 4));
      events.add(timed("e2", 6));

      expect([...(of("ann")?.item ?? [])]).toEqual([7, 8, 8, 8]);
      expect(seen).toEqual({ read: 2, news: [] });
    });
  });
});
