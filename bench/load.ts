/**
 * 200 connections of mixed GetRecommendations and PutEvents (9 to 1) for 60 seconds while a training runs, against the embedded cloud
 * in a process of its own; then the same load on an empty node:http JSON server beside the same training. Once as fast as the
 * connections go, once at a quarter of the empty server's rate, at moments that know nothing of each other, which is what latency can be judged
 * by: with every connection asking again at once, the wait is the number of connections divided by the rate, whatever answers. The empty
 * server is asked at that rate as well: what it needs then is the machine's.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { load, post, type Load } from "./http-load.ts";
import type { Row } from "./row.ts";
import { emptyServer, residentMegabytes, started, startServingCloud, type ServingCloud } from "./serving-cloud.ts";

const connections = 200;
const seconds = 60;
const shop = { items: 1500, users: 2000, eventsPerUser: 60 };

/** Every tenth request sends an event. */
function requestsTo({ campaignArn, trackingId }: ServingCloud): (index: number) => Buffer {
  const gets = Array.from({ length: shop.users }, (_, user) =>
    post("/recommendations", JSON.stringify({ campaignArn, userId: `u${user}`, numResults: 25 })),
  );
  const event = (index: number) => {
    const sentAt = Math.floor(Date.now() / 1000);
    const sent = { eventType: "View", itemId: `i${(index * 31) % shop.items}`, sentAt };
    const body = { trackingId, userId: `u${(index * 7919) % shop.users}`, sessionId: `s${index}`, eventList: [sent] };
    return post("/events", JSON.stringify(body));
  };
  const none = Buffer.alloc(0);
  return (index) => (kindOf(index) === "PutEvents" ? event(index) : (gets[(index * 104_729) % shop.users] ?? none));
}

/** Keeps a training at work until told to stop; resolves with how many were begun. */
async function keepTraining({ train }: ServingCloud, signal: AbortSignal): Promise<number> {
  let begun = 0;
  let isAtWork: () => Promise<boolean> = () => Promise.resolve(false);
  while (!signal.aborted) {
    if (!(await isAtWork())) {
      isAtWork = await train();
      begun++;
    }
    await wait(2000);
  }
  return begun;
}

const kindOf = (index: number) => (index % 10 === 9 ? "PutEvents" : "GetRecommendations");

interface Measured {
  readonly cloud: Load;
  readonly paced: Load;
  readonly empty: Load;
  readonly emptyPaced: Load;
  /** Megabytes of the cloud ten seconds after the load began, at its end, and at the end of the paced one. */
  readonly memory: readonly [number, number, number];
}

async function measure(cloud: ServingCloud): Promise<Measured> {
  const next = requestsTo(cloud);
  const { url, pid } = cloud;
  await load({ url, connections, seconds: 5, next }); // compiled once
  const early = wait(10_000).then(() => residentMegabytes(pid));
  const loaded = await load({ url, connections, seconds, next, kindOf });
  const memory = [await early, residentMegabytes(pid)] as const;
  const server = await started(["-e", emptyServer(Math.round(loaded.bytes))]);
  const ofEmpty = { url: server.url, connections, next };
  const empty = await load({ ...ofEmpty, seconds: 5 }).then(() => load({ ...ofEmpty, seconds: 20 }));
  const perSecond = empty.perSecond / 4;
  const emptyPaced = await load({ ...ofEmpty, seconds: 20, perSecond }).finally(() => server.stop());
  const paced = await load({ url, connections, seconds: 60, next, perSecond, kindOf });
  return { cloud: loaded, paced, empty, emptyPaced, memory: [...memory, residentMegabytes(pid)] };
}

const rowsOf = (
  { cloud, paced, empty, emptyPaced, memory: [early, late, last] }: Measured,
  trainings: number,
): Row[] => [
  { what: "empty node:http server beside the training", measured: empty.perSecond, unit: "req/s", target: "" },
  { what: "  p99", measured: empty.p99, unit: "ms", target: "" },
  { what: "  p99 at a quarter of its rate", measured: emptyPaced.p99, unit: "ms", target: "" },
  { what: "the cloud, 200 connections, as fast as they go", measured: cloud.perSecond, unit: "req/s", target: "" },
  { what: "  of the empty server's", measured: (100 * cloud.perSecond) / empty.perSecond, unit: "%", target: ">= 25" },
  { what: "  p50", measured: cloud.p50, unit: "ms", target: "" },
  { what: "  p99", measured: cloud.p99, unit: "ms", target: "<= 25" },
  { what: "  p99 of GetRecommendations", measured: cloud.p99Of.GetRecommendations ?? NaN, unit: "ms", target: "" },
  { what: "  p99 of PutEvents (durable)", measured: cloud.p99Of.PutEvents ?? NaN, unit: "ms", target: "" },
  { what: "the cloud at a quarter of the empty server's rate", measured: paced.perSecond, unit: "req/s", target: "" },
  { what: "  p50", measured: paced.p50, unit: "ms", target: "" },
  { what: "  p99", measured: paced.p99, unit: "ms", target: "<= 25" },
  { what: "  p99 of GetRecommendations", measured: paced.p99Of.GetRecommendations ?? NaN, unit: "ms", target: "" },
  { what: "  p99 of PutEvents (durable)", measured: paced.p99Of.PutEvents ?? NaN, unit: "ms", target: "" },
  { what: "errors", measured: cloud.errors + paced.errors, unit: "", target: "0" },
  { what: "memory after 10 s", measured: early, unit: "MB", target: "" },
  { what: "memory after 60 s", measured: late, unit: "MB", target: "flat" },
  { what: "memory after the paced minute", measured: last, unit: "MB", target: "flat" },
  { what: "trainings begun meanwhile", measured: trainings, unit: "", target: ">= 1" },
];

/** 1,500 items, 2,000 users, 120,000 events, trained and live in a folder of its own. */
export async function bench(): Promise<Row[]> {
  const state = mkdtempSync(join(tmpdir(), "outrank-load-"));
  try {
    const cloud = await startServingCloud(state, shop);
    try {
      const loaded = new AbortController();
      const training = keepTraining(cloud, loaded.signal);
      await wait(3000);
      const measured = await measure(cloud).finally(() => loaded.abort());
      return rowsOf(measured, await training);
    } finally {
      await cloud.stop();
    }
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
