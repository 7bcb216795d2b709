import { describe, expect, it } from "@jest/globals";
import { AvroSchema } from "../../../pipeline/config/avro-schema.ts";
import { archiveOf, SentEvent } from "../../../pipeline/events/archive-rows.ts";
import { collectRows } from "../../../pipeline/events/collect-rows.ts";

const column = (name: string, type: string | string[] = "string") => ({ name, type });
const schema = AvroSchema.parse({
  type: "record",
  name: "Interactions",
  fields: [
    ...[column("USER_ID"), column("ITEM_ID"), column("TIMESTAMP", "long"), column("EVENT_TYPE")],
    ...[
      column("EVENT_VALUE", ["null", "float"]),
      column("NUM_RATINGS", ["null", "int"]),
      column("IMPRESSION", ["null", "string"]),
    ],
  ],
});
const header = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,NUM_RATINGS,IMPRESSION";
const event = (more: object = {}) =>
  SentEvent.parse({ eventType: "view", itemId: "i1", sentAt: 1_767_600_000, ...more });

describe("an archive of events", () => {
  it.each([
    { why: "no more than the least", more: {}, row: "u1,i1,1767600000,view,,," },
    { why: "ISO time", more: { sentAt: "2026-01-05T09:00:00+01:00" }, row: "u1,i1,1767600000,view,,," },
    { why: "parts of a second", more: { sentAt: 1_767_600_000.9 }, row: "u1,i1,1767600000,view,,," },
    {
      why: "a value, properties by their camelCase names, an impression",
      more: { eventValue: 2.5, properties: { numRatings: 3, unknown: "x" }, impression: ["i1", "i2"] },
      row: "u1,i1,1767600000,view,2.5,3,i1|i2",
    },
    { why: "signs that CSV minds", more: { itemId: 'a "b", c' }, row: 'u1,"a ""b"", c",1767600000,view,,,' },
  ])("has a row for an event with $why", ({ more, row }) => {
    expect(archiveOf([event(more)], "u1", schema)).toBe(`${header}\n${row}\n`);
  });

  it.each([
    { why: "nobody is named", events: [event()], userId: undefined },
    { why: "it is about no item", events: [event({ itemId: undefined })], userId: "u1" },
  ])("has none for an event that no import can hold: $why", ({ events, userId }) => {
    expect(archiveOf(events, userId, schema)).toBeNull();
  });

  it("is collected into one file, each event once, in the order of time", () => {
    const later = archiveOf([event({ sentAt: 1_767_700_000 }), event()], "u1", schema) ?? "";
    const again = archiveOf([event()], "u1", schema) ?? "";
    const shorter = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\nu2,i2,1767650000,buy\n";

    expect(collectRows([later, shorter, again])).toEqual({
      csv: [...[header, "u1,i1,1767600000,view,,,", "u2,i2,1767650000,buy,,,", "u1,i1,1767700000,view,,,", ""]].join(
        "\n",
      ),
      ...{ rows: 3, first: "20260105", last: "20260106" },
    });
    expect(collectRows([])).toBeNull();
  });
});
