/**
 * Puts the embedded cloud together: makes the services, hands each the ports it needs, opens the one port, and lets them
 * go on with what was under way when the last process ended. Read it as the packing list of the cloud.
 *
 * Order matters in three places: the store first (it locks the state directory), the endpoint listening before any
 * service resumes (Lambdas call back over HTTP), `resume` after all services exist.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createCloudWatch } from "../../cloudwatch/create-cloudwatch.ts";
import { createEventBridge } from "../../eventbridge/create-eventbridge.ts";
import { createGlue } from "../../glue/create-glue.ts";
import { createLambda } from "../../lambda/create-lambda.ts";
import { createKms } from "../../kms/create-kms.ts";
import { createLogs } from "../../logs/create-logs.ts";
import { createJobRunner, type JobRunnerDeps } from "../../personalize/jobs/create-job-runner.ts";
import { createPersonalize } from "../../personalize/personalize.ts";
import type { PersonalizeOptions } from "../../personalize/settings.ts";
import { createS3 } from "../../s3/create-s3.ts";
import { nextRuleTime } from "../../scheduler/next-rule-time.ts";
import { createScheduler } from "../../scheduler/create-scheduler.ts";
import { createSns } from "../../sns/create-sns.ts";
import { openOutbox } from "../../sns/delivery/outbox.ts";
import { createStepFunctions } from "../../step-functions/create-step-functions.ts";
import { createCredentials } from "../../sts/credentials.ts";
import { createSts } from "../../sts/create-sts.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import { createAwsCalls, type EndpointCalls } from "../endpoint/aws-calls.ts";
import { createEndpoint } from "../endpoint/endpoint.ts";
import { createSdkIntegration } from "../endpoint/sdk-integration.ts";
import { createIam } from "../iam/create-iam.ts";
import { openStore } from "../journal/open-store.ts";
import type { Clock, Ids, RandomSource } from "../ports/clock.ts";
import type { AwsCalls, AwsService, ProgressListener, ServiceDeps, ServiceId } from "../ports/service.ts";
import type { Store } from "../ports/store.ts";
import { deployAssembly, type DeployedStack } from "../template/deploy-assembly.ts";
import { ownRoutes, previewOf } from "./own-routes.ts";

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
    routes: ownRoutes({ region, account, stacks: () => stacks, preview: made.preview }),
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

/** Services in the order in which they resume; they close in the reverse order. */
async function makeServices(options: CloudOptions, deps: ServiceDeps, url: () => string) {
  const { stateDir, threads = 2, progress = () => {}, personalize: settings = {} } = options;
  const services = new Map<ServiceId, AwsService>();
  const credentials = createCredentials(deps);
  const iam = createIam({ ...deps, unknownRoles: options.bare ? "trust" : "refuse" });
  const { authorizer, setResourcePolicy } = iam;
  const calls = withFaults(createAwsCalls({ ...deps, services, authorizer }), options.fault);
  const sdk = createSdkIntegration(calls);

  const kms = createKms({ ...deps, authorizer, setResourcePolicy });
  const { keys } = kms;
  const logs = createLogs({ ...deps, keys });
  const sns = createSns({ ...deps, keys, setResourcePolicy, calls, outbox: openOutbox(join(stateDir, "outbox")) });
  const cloudWatch = createCloudWatch({ ...deps, calls });
  const metrics = cloudWatch.counter;
  const sts = createSts({ ...deps, credentials });
  const eventBridge = createEventBridge({ ...deps, calls, authorizer, metrics, nextScheduled: nextRuleTime });
  const buckets = { dataDir: join(stateDir, "s3"), authorizer, events: eventBridge.sink, keys, setResourcePolicy };
  const s3 = await createS3({ ...deps, ...buckets });
  const jobs = createJobRunner({ ...deps, dataDir: join(stateDir, "personalize"), threads, ...options.training });
  const personalize = createPersonalize({
    ...{ ...deps, authorizer, objects: s3.objectStore, jobs, settings, progress },
    ...{ keys, metrics },
  });
  /** What running a person's code takes. */
  const running = {
    ...{ authorizer, metrics, endpointUrl: url, realClock: createSystemClock() },
    ...{ issueCredentials: credentials.issue, appendLog: logs.append },
  };
  const lambda = createLambda({ ...deps, ...running, setResourcePolicy, codeDirectory: join(stateDir, "lambda") });
  const lake = { objects: s3.objectStore, events: eventBridge.sink, scratchDirectory: join(stateDir, "glue") };
  const glue = createGlue({ ...deps, ...running, ...lake });
  const stepFunctions = createStepFunctions({ ...deps, calls, sdk, authorizer, metrics, progress });
  const scheduler = createScheduler({ ...deps, calls, sdk, authorizer });

  const all = [logs, sns, cloudWatch, sts, s3, lambda, personalize, glue, stepFunctions, eventBridge, scheduler];
  const each = all.flatMap((made) => ("services" in made ? [...made.services] : [made.service]));
  for (const service of each) services.set(service.id, service);
  const provisioners = [iam, kms, ...all].flatMap((made) => [...made.provisioners]);
  return { services, calls, s3, credentials, provisioners, jobs, preview: previewOf(jobs, () => deps.clock.now()) };
}

/** Lets a test's fault port see every call first; nothing in between otherwise. */
function withFaults(calls: EndpointCalls, fault: Fault | undefined): EndpointCalls {
  if (!fault) return calls;
  return {
    ...calls,
    call: (service, operation, input, caller) =>
      fault({ service, operation, input }, () => calls.call(service, operation, input, caller)),
    invoke: (service, operation, input, context) =>
      fault({ service, operation, input }, () => calls.invoke(service, operation, input, context)),
  };
}
