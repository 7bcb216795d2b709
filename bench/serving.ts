/**
 * GetRecommendations over HTTP on the sample shop's campaign, beside an empty node:http server that answers a JSON object of
 * the same size, in a process of its own like the cloud, asked by the same client. One connection after another waits for
 * nothing: 16 keep-alive connections, each sending the next request when the last is answered.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { ListCampaignsCommand, PersonalizeClient } from "@aws-sdk/client-personalize";
import { projectRoot } from "../local/cloud/project-root.ts";
import type { Row } from "./row.ts";

const cli = join(projectRoot(), "local", "cli", "outrank.mjs");
const connections = 16;
const seconds = 8;

const authorization =
  "AWS4-HMAC-SHA256 Credential=bench/20260105/us-east-1/personalize/aws4_request, SignedHeaders=host, Signature=00";

/** Answers the same bytes to every request. Its own process, so that it has a core like the cloud has. */
const emptyServer = (bytes: number) => `
const answer = JSON.stringify({ text: "x".repeat(${bytes}) });
const server = require("node:http").createServer((incoming, outgoing) => {
  incoming.resume().on("end", () => outgoing.writeHead(200, { "content-type": "application/json" }).end(answer));
});
server.listen(0, "127.0.0.1", () => console.log("listening on http://127.0.0.1:" + server.address().port));`;

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

async function started(args: readonly string[]): Promise<Server> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  if (child.stdout === null) throw new Error("no stdout");
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^listening on (\S+)$/.exec(line) ?? [];
    if (url === undefined) continue;
    const stop = async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    };
    return { url, stop };
  }
  throw new Error(`${args.join(" ")} ended before it listened`);
}

async function toTheEnd(args: readonly string[]): Promise<void> {
  const [code] = await once(spawn(process.execPath, args, { stdio: "ignore" }), "exit");
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${String(code)}`);
}

interface Load {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p99: number;
  readonly bytes: number;
}

/** @throws Error on the first answer that is not 200. */
async function load(url: string, bodyOf: (index: number) => string, most = Infinity): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const waits: number[] = [];
  let sent = 0;
  let bytes = 0;
  const one = (body: string) =>
    new Promise<void>((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), authorization };
      const call = request(`${url}/recommendations`, { method: "POST", agent, headers }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`${url} answered ${String(answer.statusCode)}`));
        answer.on("data", (part: Buffer) => (bytes += part.length)).on("end", resolve);
      });
      call.on("error", reject).end(body);
    });
  const begin = performance.now();
  const until = begin + seconds * 1000;
  const connection = async () => {
    while (performance.now() < until && sent < most) {
      const at = performance.now();
      await one(bodyOf(sent++));
      waits.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const elapsed = (performance.now() - begin) / 1000;
  agent.destroy();
  waits.sort((a, b) => a - b);
  return { perSecond: waits.length / elapsed, p99: waits[Math.floor(waits.length * 0.99)] ?? 0, bytes: bytes / sent };
}

async function measure(url: string, users: readonly string[]): Promise<Row[]> {
  const client = new PersonalizeClient({
    ...{ endpoint: url, region: "us-east-1", credentials: { accessKeyId: "bench", secretAccessKey: "bench" } },
  });
  const { campaigns = [] } = await client.send(new ListCampaignsCommand({}));
  client.destroy();
  const campaignArn = campaigns[0]?.campaignArn;
  const bodies = users.map((userId) => JSON.stringify({ campaignArn, userId, numResults: 25 }));
  const warm = bodies.slice(0, 50); // their scores are cached after the first time; the others are asked for once
  await load(url, (index) => warm[index % warm.length] ?? "", 10_000);
  const all = await load(url, (index) => bodies[warm.length + index] ?? "", bodies.length - warm.length);
  const few = await load(url, (index) => warm[index % warm.length] ?? "");
  const empty = await started(["-e", emptyServer(Math.round(all.bytes))]);
  const reference = await load(empty.url, (index) => bodies[index % bodies.length] ?? "").finally(() => empty.stop());
  const share = (one: Load) => (100 * one.perSecond) / reference.perSecond;
  return [
    { what: "empty node:http server, same answer size", measured: reference.perSecond, unit: "req/s", target: "" },
    { what: "the same 50 users", measured: few.perSecond, unit: "req/s", target: "" },
    { what: "the same 50 users, of the empty server's", measured: share(few), unit: "%", target: ">= 40" },
    { what: "the same 50 users, p99", measured: few.p99, unit: "ms", target: "< 10" },
    { what: "each user once", measured: all.perSecond, unit: "req/s", target: "" },
    { what: "each user once, of the empty server's", measured: share(all), unit: "%", target: ">= 10" },
    { what: "each user once, p99", measured: all.p99, unit: "ms", target: "< 10" },
  ];
}

/** The sample data, trained and live, in a folder of its own. No filter is asked for; 1,500 items, not 10,000. */
export async function bench(): Promise<Row[]> {
  const state = mkdtempSync(join(tmpdir(), "outrank-serving-"));
  try {
    await toTheEnd([cli, "start", "--once", "--state", state, "--port", "0"]);
    const [, ...rows] = readFileSync(join(state, "sample", "users.csv"), "utf8")
      .trim()
      .split("\n");
    const users = rows.map((row) => row.split(",")[0] ?? "");
    const cloud = await started([cli, "up", "--state", state, "--port", "0"]);
    return await measure(cloud.url, users).finally(() => cloud.stop());
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
