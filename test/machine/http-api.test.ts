/** The HTTP API of a stack: signed requests start runs, ask campaigns and send events; what is sent is archived first. */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { outrankFor } from "../support/outrank-for.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
let api: string;
beforeAll(async () => {
  port = createFaultPort();
  const filter = { name: "first", expression: 'INCLUDE ItemID WHERE Items.CATEGORY IN ("c1")' };
  const group = { eventTracker: true, followUp: { filters: [filter] } };
  stack = await startStack({ config: { ...communitiesConfig({ group }), api: {} }, fault: port.fault });
  api = `${stack.outputs["ApiUrl"]}/groups/club`;
  await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
  await stack.rest();
});
afterAll(() => stack.close());

const event = (itemId: string) => ({ eventType: "view", itemId, sentAt: 1_767_600_000 });
const events = JSON.stringify({ userId: "u1", sessionId: "s1", eventList: [event("i1"), event("i2")] });

describe("the HTTP API", () => {
  it("answers nobody who does not sign", async () => {
    const answer = await fetch(`${api}/solutions/main/recommendations?userId=u1`);

    expect([answer.status, await answer.json()]).toEqual([403, { message: "Forbidden" }]);
  });

  it("shows a user what the campaign shows, filtered where that is asked for", async () => {
    const all = await signedFetch(`${api}/solutions/main/recommendations?userId=u1&numResults=5`);
    const { items } = (await all.json()) as { items: { itemId: string }[] };
    expect([all.status, items.length]).toEqual([200, 5]);

    const some = await signedFetch(`${api}/solutions/main/recommendations?userId=u1&numResults=5&filter=first`);
    const { items: filtered } = (await some.json()) as { items: { itemId: string }[] };
    expect(filtered.every(({ itemId }) => /^i1\d$/.test(itemId))).toBe(true); // the second community's items
  });

  it.each([
    { path: "/solutions/main/recommendations", status: 400, message: "Say for whom: ?userId=..." },
    { path: "/solutions/other/recommendations?userId=u1", status: 404, message: 'no solution "other"; there is main' },
    { path: "/solutions/main/recommendations?userId=u1&numResults=x", status: 400, message: 'numResults is "x"' },
    { path: "/runs/last", status: 400, message: '"last" is no run id' },
    { path: "/runs/20260101T000000-00000000", status: 404, message: "There is no record of run" },
    { path: "/nothing", status: 404, message: "Not Found" },
  ])("says what is wrong with $path", async ({ path, status, message }) => {
    const answer = await signedFetch(`${api}${path}`);

    expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
      status,
      expect.stringContaining(message),
    ]);
  });

  it("starts a run once for each Idempotency-Key, and shows its record when it has ended", async () => {
    const asked = { method: "POST", body: '{"dryRun": true}', headers: { "idempotency-key": "k1" } };
    const first = await signedFetch(`${api}/runs`, asked);
    const again = await signedFetch(`${api}/runs`, asked);
    const { runId } = (await first.json()) as { runId: string };

    expect([first.status, again.status, ((await again.json()) as { runId: string }).runId]).toEqual([202, 202, runId]);
    await stack.rest();
    const shown = await signedFetch(`${api}/runs/${runId}`);
    expect(await shown.json()).toMatchObject({ runId, trigger: { type: "manual" }, options: { dryRun: true } });
  });

  it("does not let anybody go around the gate", async () => {
    const body = '{"force": {"reason": "because", "actor": "me"}}';
    const answer = await signedFetch(`${api}/runs`, { method: "POST", body });

    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, "InvalidInput"]);
  });

  it("archives events in the form of an import before it streams them", async () => {
    const Prefix = "outrank/club/events/";
    const archive = async () =>
      (await stack.s3.send(new ListObjectsV2Command({ Bucket: stack.bucket, Prefix }))).Contents ?? [];
    const archivedWhenStreamed: number[] = [];
    const remove = port.on("PutEvents", async (input, next) => {
      if ("trackingId" in input) archivedWhenStreamed.push((await archive()).length);
      return next();
    });
    const answer = await signedFetch(`${api}/events`, { method: "POST", body: events });
    remove();

    expect([answer.status, await answer.json()]).toEqual([200, { sent: 2, archived: 2 }]);
    expect(archivedWhenStreamed).toEqual([1]);
    const Contents = await archive();
    expect(Contents).toHaveLength(1);
    expect(Contents[0]?.Key).toMatch(/^outrank\/club\/events\/\d{4}\/\d{2}\/\d{2}\/[0-9a-f-]{36}\.csv$/);
  });

  it("lets the archive be collected and imported beside the history", async () => {
    const { code, said } = await outrankFor(stack, "events", "collect", "--upload");
    expect([code, said]).toEqual([0, expect.stringContaining("2 events of 1 calls are at s3://")]);
    await stack.rest();

    const record = (await stack.records("club")).at(-1);
    expect(record?.failure).toBeNull();
    expect(record?.inputs.map(({ key, rows }) => [key, rows])).toContainEqual([
      "club/interactions/events-20260105-20260105.csv",
      2,
    ]);
  });
});
