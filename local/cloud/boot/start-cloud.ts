/**
 * Puts the embedded cloud together: makes the services, hands each the ports it needs, opens the one port, and lets them
 * go on with what was under way when the last process ended. Read it as the packing list of the cloud.
 *
 * Order matters in three places: the store first (it locks the state directory), the endpoint listening before any
 * service resumes (Lambdas call back over HTTP), `resume` after all services exist.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type JobRunnerDeps } from "../../personalize/jobs/create-job-runner.ts";
import type { PersonalizeOptions } from "../../personalize/settings.ts";
import { createEndpoint } from "../endpoint/endpoint.ts";
import { openStore } from "../journal/open-store.ts";
import type { Clock, Ids, RandomSource } from "../ports/clock.ts";
import type { AwsCalls, ProgressListener, ServiceDeps, ServiceId } from "../ports/service.ts";
import type { Store } from "../ports/store.ts";
import { deployAssembly, type DeployedStack } from "../template/deploy-assembly.ts";
import { apiRoutes } from "./api-routes.ts";
import { makeServices } from "./make-services.ts";
import { ownRoutes } from "./own-routes.ts";

/** `next` makes the call. */
export type Fault = (
  call: { readonly service: ServiceId; readonly operation: string; readonly input: unknown },
  next: () => Promise<unknown>,
) => Promise<unknown>;

export interface CloudOptions {
  /** Everything durable lies here; made when missing; one process at a time. */
  readonly stateDir: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: RandomSource;
  readonly log: (line: string) => void;
  readonly progress?: ProgressListener;
  readonly account?: string;
  readonly region?: string;
  /** Threads that one training may use. */
  readonly threads?: number;
  readonly personalize?: PersonalizeOptions;
  /** For tests: sees every call and may refuse it, lose its answer, delay or change it. */
  readonly fault?: Fault;
  /** For tests: recipes of their own, trained where they are called instead of in threads. */
  readonly training?: Pick<JobRunnerDeps, "recipes" | "run">;
  /** For the cloud without a stack: roles that no template declared may do everything. */
  readonly bare?: boolean;
}

export interface Cloud {
  readonly url: string;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly calls: AwsCalls;
  /** What this cloud can do, for docs/support.md and whoever asks: operations by service, template resource types. */
  readonly offer: {
    readonly operations: Readonly<Record<string, readonly string[]>>;
    readonly resourceTypes: readonly string[];
  };
  /** Deploys a synthesized cloud assembly (`cdk.out`); the same assembly again changes nothing. */
  deploy(directory: string): Promise<readonly DeployedStack[]>;
  /** Goes on with everything that was under way; call once, after `deploy` where there is a stack. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { stateDir, clock, ids, random, log, account = "000000000000", region = "us-east-1" } = options;
  mkdirSync(stateDir, { recursive: true });
  const store = await openStore(join(stateDir, "journal"), { log });
  try {
    const deps: ServiceDeps = { clock, ids, random, store, account, region, log };
    return await assemble(options, deps, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function assemble(
  options: CloudOptions,
  deps: ServiceDeps,
  store: Store & { close(): Promise<void> },
): Promise<Cloud> {
  const { clock, log, account, region } = deps;
  const made = await makeServices(options, deps, () => url);
  const stacks: DeployedStack[] = [];
  const endpoint = createEndpoint({
    calls: made.calls,
    s3Http: made.s3.http,
    credentials: made.credentials,
    clock,
    log,
    routes: [
      ...apiRoutes(made.apiGateway),
      ...ownRoutes({ region, account, stacks: () => stacks, preview: made.preview, meter: made.meter }),
    ],
  });
  const url: string = await endpoint.listen(options.port);
  return {
    url,
    account,
    region,
    clock,
    store,
    calls: made.calls,
    offer: {
      operations: Object.fromEntries([...made.services].map(([id, { operations }]) => [id, Object.keys(operations)])),
      resourceTypes: made.provisioners.map(({ type }) => type),
    },
    async deploy(directory) {
      const request = { directory, provisioners: made.provisioners, store, account, region, log };
      stacks.splice(0, stacks.length, ...(await deployAssembly(request)).stacks);
      return stacks;
    },
    async resume() {
      for (const service of made.services.values()) await service.resume?.();
    },
    async close() {
      for (const service of [...made.services.values()].reverse()) await service.close?.();
      await endpoint.close();
      await store.close();
    },
  };
}
