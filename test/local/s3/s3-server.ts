/** An S3 on a port of this machine, for tests: memory store, folder of its own, a clock that only moves when told. */
import { createServer, type Server } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { randomBytes, randomUUID } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../../../local/cloud/ports/clock.ts";
import type { Keys } from "../../../local/cloud/ports/keys.ts";
import type { Authorizer, CallContext, Caller, EventSink } from "../../../local/cloud/ports/service.ts";
import type { Store } from "../../../local/cloud/ports/store.ts";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import { createS3, type S3, type S3Deps } from "../../../local/s3/create-s3.ts";

export type EmittedEvent = Parameters<EventSink["emit"]>[0];

export interface TestS3 {
  readonly s3: S3;
  readonly client: S3Client;
  readonly url: string;
  readonly dataDir: string;
  readonly store: Store;
  readonly events: EmittedEvent[];
  readonly policies: Map<string, unknown>;
  readonly logged: string[];
  /** Who the next requests come from. */
  caller: Caller;
  /** Milliseconds since the epoch; may be set forward. */
  now: number;
  stop(): Promise<void>;
}

interface Options {
  readonly authorizer?: Authorizer;
  readonly keys?: Keys;
  readonly store?: Store;
  readonly dataDir?: string;
  readonly region?: string;
  readonly emit?: EventSink["emit"];
}

const allowAll: Authorizer = { authorize: () => {}, assertAssumable: () => {} };

export const ids = {
  uuid: () => randomUUID(),
  hex: (digits: number) => randomBytes(digits).toString("hex").slice(0, digits),
};

/** The SDK's advice for programs, which is noise in a test. */
const ignore = () => {};

/** A client of any AWS program would do: nothing here is special but the address. */
export const clientOf = (url: string, more: object = {}) =>
  new S3Client({
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore, trace: ignore },
    ...more,
  });

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function startS3(options: Options = {}): Promise<TestS3> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "outrank-s3-")));
  const store = options.store ?? memoryStore();
  const state = {
    caller: { kind: "account" } as Caller,
    now: Date.UTC(2026, 0, 5),
    events: [] as EmittedEvent[],
    policies: new Map<string, unknown>(),
    logged: [] as string[],
  };
  const clock: Clock = {
    now: () => state.now,
    deadline: (ms) => state.now + ms,
    at: () => ({ cancel: () => {} }),
    sleep: () => Promise.resolve(),
    busy: () => () => {},
  };
  const region = options.region ?? "us-east-1";
  const deps: S3Deps = {
    ...{ clock, ids, random: () => 0.5, store, account: "000000000000", region, dataDir },
    log: (line) => void state.logged.push(line),
    authorizer: options.authorizer ?? allowAll,
    ...(options.keys ? { keys: options.keys } : {}),
    events: { emit: options.emit ?? (async (event) => void state.events.push(event)) },
    setResourcePolicy: async (arn, document) => void state.policies.set(arn, document),
  };
  const s3 = await createS3(deps);
  const server = createServer((request, response) => {
    const context: CallContext = { caller: state.caller, requestId: ids.hex(16), account: deps.account, region };
    void s3.http(request, response, context);
  });
  const url = await listen(server);
  const client = clientOf(url, { region });
  const stop = async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  return Object.assign(state, { s3, client, url, dataDir, store, stop });
}

/** How a call ended: "no error", or its status and the error's name. */
export const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (error: { name: string; $metadata?: { httpStatusCode?: number } }) =>
      `${error.$metadata?.httpStatusCode ?? "?"} ${error.name}`,
  );
