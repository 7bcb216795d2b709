/** A cloud of a few services behind a real port, for tests that speak to it with unmodified clients. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createJumpingClock } from "../../local/cloud/clock/jumping-clock.ts";
import { createAwsCalls } from "../../local/cloud/endpoint/aws-calls.ts";
import { createEndpoint, type InternalRoute } from "../../local/cloud/endpoint/endpoint.ts";
import { createSdkIntegration } from "../../local/cloud/endpoint/sdk-integration.ts";
import { memoryStore } from "../../local/cloud/journal/memory-store.ts";
import type { Ids } from "../../local/cloud/ports/clock.ts";
import type { AwsService, Authorizer, CallContext, ServiceDeps, ServiceId } from "../../local/cloud/ports/service.ts";
import { createCredentials } from "../../local/sts/credentials.ts";

/** Ids that differ and are the same in every run. */
export function countingIds(): Ids {
  let count = 0;
  const digest = () => createHash("sha512").update(String(count++)).digest("hex");
  return {
    uuid: () => digest().replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, "$1-$2-4$3-8$4-$5"),
    hex: (digits) => digest().slice(0, digits),
  };
}

export const allowAll: Authorizer = { authorize: () => {}, assertAssumable: () => {} };

export interface CloudOptions {
  readonly authorizer?: Authorizer;
  readonly routes?: readonly InternalRoute[];
  readonly s3Http?: (request: IncomingMessage, response: ServerResponse, context: CallContext) => Promise<void>;
}

/** What services are made of in these tests. */
export function serviceDeps(logged: string[] = []): ServiceDeps {
  return {
    clock: createJumpingClock(),
    ids: countingIds(),
    random: () => 0.5,
    store: memoryStore(),
    account: "000000000000",
    region: "us-east-1",
    log: (line) => void logged.push(line),
  };
}

export async function startCloud(
  makeServices: (deps: ServiceDeps) => readonly AwsService[],
  options: CloudOptions = {},
) {
  const logged: string[] = [];
  const deps = serviceDeps(logged);
  const services = new Map<ServiceId, AwsService>(makeServices(deps).map((service) => [service.id, service]));
  const calls = createAwsCalls({ ...deps, services, authorizer: options.authorizer ?? allowAll });
  const credentials = createCredentials(deps);
  const s3Http = options.s3Http ?? (async (_, response) => void response.writeHead(200, { "x-test": "s3" }).end());
  const endpoint = createEndpoint({
    ...deps,
    calls,
    credentials,
    s3Http,
    ...(options.routes && { routes: options.routes }),
  });
  const url = await endpoint.listen(0);
  return {
    url,
    deps,
    calls,
    credentials,
    logged,
    integration: createSdkIntegration(calls),
    close: () => endpoint.close(),
    /** Configuration of an SDK client; the user's own key unless others are given. */
    client: (keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } = usersKey) => ({
      endpoint: url,
      region: "us-east-1",
      credentials: keys,
      maxAttempts: 1,
    }),
  };
}

const usersKey = { accessKeyId: "test", secretAccessKey: "test" };

/** A service whose operations are given, without permissions. */
export function fakeService(id: ServiceId, operations: AwsService["operations"]): AwsService {
  return {
    id,
    operations,
    access: (operation) => [{ action: `${id}:${operation}`, resource: "*" }],
  };
}
