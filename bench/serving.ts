/**
 * GetRecommendations over HTTP on an hrnn campaign of 10,000 items with a filter on, beside an empty node:http server that
 * answers a JSON object of the same size, in a process of its own like the cloud, asked by the same client: 16 keep-alive
 * connections, each sending the next request when the last is answered.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load, post, type Load } from "./http-load.ts";
import type { Row } from "./row.ts";
import { emptyServer, started, startServingCloud, type ServingCloud } from "./serving-cloud.ts";

const connections = 16;
const seconds = 8;
const shop = { items: 10_000, users: 6000, eventsPerUser: 15 };
/** Their scores are cached after the first time. */
const fewUsers = 50;
/** Asked once each before the others are, so that the code is compiled as it is after a minute of use. */
const warmUpUsers = 2000;

const share = (one: Load, reference: Load) => (100 * one.perSecond) / reference.perSecond;

async function measure({ url, campaignArn, filterArn }: ServingCloud): Promise<Row[]> {
  const request = (user: number, filter: object) =>
    post("/recommendations", JSON.stringify({ campaignArn, userId: `u${user}`, numResults: 25, ...filter }));
  const filtered = Array.from({ length: shop.users }, (_, user) => request(user, { filterArn }));
  const plain = Array.from({ length: fewUsers }, (_, user) => request(user, {}));
  const ask = (next: (index: number) => Buffer | undefined, most = Infinity, from = url) =>
    load({ url: from, connections, seconds, most, next: (index) => next(index) ?? Buffer.alloc(0) });
  await ask((index) => filtered[index % fewUsers], 20_000);
  const few = await ask((index) => filtered[index % fewUsers]);
  const unfiltered = await ask((index) => plain[index % fewUsers]);
  await ask((index) => filtered[fewUsers + index], warmUpUsers);
  const first = fewUsers + warmUpUsers + connections;
  const each = await ask((index) => filtered[first + index], shop.users - first - connections);
  const empty = await started(["-e", emptyServer(Math.round(few.bytes))]);
  const toEmpty = (most?: number) => ask((index) => filtered[index % shop.users], most, empty.url);
  const reference = await toEmpty(20_000)
    .then(() => toEmpty())
    .finally(() => empty.stop());
  const errors = [few, unfiltered, each, reference].reduce((sum, one) => sum + one.errors, 0);
  return [
    { what: "empty node:http server, same answer size", measured: reference.perSecond, unit: "req/s", target: "" },
    { what: "the same 50 users, filter on", measured: few.perSecond, unit: "req/s", target: "" },
    { what: "  of the empty server's", measured: share(few, reference), unit: "%", target: ">= 40" },
    { what: "  p99", measured: few.p99, unit: "ms", target: "< 10" },
    { what: "the same 50 users without a filter", measured: share(unfiltered, reference), unit: "%", target: "" },
    { what: "each user once, filter on", measured: each.perSecond, unit: "req/s", target: "" },
    { what: "  of the empty server's", measured: share(each, reference), unit: "%", target: ">= 10" },
    { what: "  p99", measured: each.p99, unit: "ms", target: "< 10" },
    { what: "errors", measured: errors, unit: "", target: "0" },
  ];
}

/** 10,000 items, 4,000 users, 60,000 events, trained and live in a folder of its own. */
export async function bench(): Promise<Row[]> {
  const state = mkdtempSync(join(tmpdir(), "outrank-serving-"));
  try {
    const cloud = await startServingCloud(state, shop);
    return await measure(cloud).finally(() => cloud.stop());
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
