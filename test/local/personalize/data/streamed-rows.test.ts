import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openLog, readLog } from "../../../../local/personalize/data/append-log.ts";
import { indexEvents, newestRows } from "../../../../local/personalize/data/streamed-rows.ts";
import type { StreamedEvent } from "../../../../local/personalize/job-runner.ts";
import { temporaryFolder } from "../../../support/personalize-data.ts";

function event(eventId: string, timestamp: number, more: Partial<StreamedEvent> = {}): StreamedEvent {
  return { eventId, timestamp, sessionId: "s1", eventType: "view", itemId: `i${eventId}`, properties: {}, ...more };
}

const idsOf = (events: readonly StreamedEvent[]) => events.map(({ eventId }) => eventId);

describe("streamed events", () => {
  it("are oldest first, ties as they came", () => {
    const index = indexEvents([
      event("1", 30, { userId: "u" }),
      event("2", 10, { userId: "u" }),
      event("3", 30, { userId: "u" }),
    ]);

    expect(idsOf(index.of("u"))).toEqual(["2", "1", "3"]);
  });

  it("count once by eventId: the first one", () => {
    const index = indexEvents([event("1", 10, { userId: "u" }), event("1", 20, { userId: "u" })]);

    expect(index.of("u").map(({ timestamp }) => timestamp)).toEqual([10]);
  });

  it("without a user answer to their session", () => {
    expect(idsOf(indexEvents([event("1", 10)]).of("s1"))).toEqual(["1"]);
  });

  it("become the user's when a later event names both, and stay so", () => {
    const index = indexEvents([event("1", 10), event("2", 20, { userId: "u" }), event("3", 30)]);

    expect(idsOf(index.of("u"))).toEqual(["1", "2", "3"]);
    expect(idsOf(index.of("s1"))).toEqual(["1", "2", "3"]);
    expect([...index.users()]).toEqual(["u"]);
  });

  it("of two people in one session go to whoever signed in next", () => {
    const index = indexEvents([
      event("1", 10),
      event("2", 20, { userId: "ann" }),
      event("3", 30),
      event("4", 40, { userId: "bob" }),
      event("5", 50),
    ]);

    expect(idsOf(index.of("ann"))).toEqual(["1", "2", "3"]);
    expect(idsOf(index.of("bob"))).toEqual(["4", "5"]);
  });

  it("of other sessions stay apart", () => {
    const index = indexEvents([event("1", 10, { sessionId: "s2" }), event("2", 20, { userId: "u" })]);

    expect(idsOf(index.of("u"))).toEqual(["2"]);
    expect(index.of("nobody")).toEqual([]);
  });
});

describe("streamed rows", () => {
  it("replace each other whole by id", () => {
    const rows = newestRows([
      { id: "a", properties: { PRICE: 1, TITLE: "old" } },
      { id: "b", properties: { PRICE: 2 } },
      { id: "a", properties: { PRICE: 3 } },
    ]);

    expect([...rows]).toEqual([
      ["a", { PRICE: 3 }],
      ["b", { PRICE: 2 }],
    ]);
  });
});

describe("the log under them", () => {
  let folder = temporaryFolder();
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());
  const path = () => join(folder.path, "deep", "x.log");

  it("gives back what was appended, in order, also by writers that came together", async () => {
    const { records, log } = openLog<number>(path());
    await Promise.all([log.append([1, 2]), log.append([3]), log.append([]), log.append([4])]);
    await log.append([5]);
    await log.close();

    expect(records).toEqual([]);
    expect(readLog(path())).toEqual([1, 2, 3, 4, 5]);
  });

  it("cuts off a torn last line and goes on after it", async () => {
    const first = openLog<string>(path()).log;
    await first.append(["whole"]);
    await first.close();
    appendFileSync(path(), '12345678 {"to');

    expect(readLog(path())).toEqual(["whole"]);
    const { records, log } = openLog<string>(path());
    await log.append(["next"]);
    await log.close();

    expect(records).toEqual(["whole"]);
    expect(readLog(path())).toEqual(["whole", "next"]);
  });

  it("goes on after a write that failed, and writes what failed with the next", async () => {
    const { log } = openLog<string>(path());
    await log.append(["one"]);
    await log.close(); // the next write finds the file closed, as one finds a full disk
    await expect(log.append(["two"])).rejects.toThrow();
    await log.append([]); // somebody who sends the same again
    await log.append(["three"]);
    await log.close();

    expect(readLog(path())).toEqual(["one", "two", "three"]);
  });

  it("refuses a line that was changed", async () => {
    const { log } = openLog<string>(path());
    await log.append(["one", "two"]);
    await log.close();
    writeFileSync(path(), readFileSync(path(), "utf8").replace("one", "onE"));

    expect(() => openLog(path())).toThrow("is damaged at byte 0");
  });
});
