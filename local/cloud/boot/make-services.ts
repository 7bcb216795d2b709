/**
 * Makes every service of the embedded cloud and hands each the ports it needs. Order matters only where a port does: what
 * others stand on first, then what runs people's work on it.
 */
import { join } from "node:path";
import { createCloudWatch } from "../../cloudwatch/create-cloudwatch.ts";
import { createEventBridge } from "../../eventbridge/create-eventbridge.ts";
import { createGlue } from "../../glue/create-glue.ts";
import { createIamApi } from "../../iam/create-iam-api.ts";
import { createLambda } from "../../lambda/create-lambda.ts";
import { createKms } from "../../kms/create-kms.ts";
import { createApiGateway } from "../../apigateway/create-apigateway.ts";
import type { ApiGatewayDeps } from "../../apigateway/state.ts";
import { createLogs } from "../../logs/create-logs.ts";
import { createJobRunner } from "../../personalize/jobs/create-job-runner.ts";
import { createPersonalize } from "../../personalize/personalize.ts";
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
import { authenticate } from "../endpoint/authenticate.ts";
import { createSdkIntegration } from "../endpoint/sdk-integration.ts";
import { findSignature } from "../endpoint/sigv4.ts";
import { createIam } from "../iam/create-iam.ts";
import type { AwsService, ServiceDeps, ServiceId } from "../ports/service.ts";
import { previewOf } from "./own-routes.ts";
import type { CloudOptions, Fault } from "./start-cloud.ts";

interface MakeDeps {
  readonly options: CloudOptions;
  readonly deps: ServiceDeps;
  /** Of the endpoint, once it listens. */
  readonly url: () => string;
}

/** Who may, what is told, and where things lie. */
async function makeGround({ options, deps }: MakeDeps, services: Map<ServiceId, AwsService>) {
  const { stateDir } = options;
  const credentials = createCredentials(deps);
  const iam = createIam({ ...deps, unknownRoles: options.bare ? "trust" : "refuse" });
  const { authorizer, setResourcePolicy } = iam;
  const iamApi = createIamApi({ ...deps, identities: iam.identities });
  const calls = withFaults(createAwsCalls({ ...deps, services, authorizer }), options.fault);
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
  return {
    ...{ credentials, iam, iamApi, authorizer, setResourcePolicy, calls, kms, keys },
    ...{ logs, sns, cloudWatch, metrics, sts, eventBridge, s3, sdk: createSdkIntegration(calls) },
  };
}

type Ground = Awaited<ReturnType<typeof makeGround>>;

/** What does people's work. */
function makeWorkers({ options, deps, url }: MakeDeps, ground: Ground) {
  const { stateDir, threads = 2, progress = () => {}, personalize: settings = {} } = options;
  const { authorizer, calls, credentials, eventBridge, keys, logs, metrics, s3, sdk, setResourcePolicy } = ground;
  const jobs = createJobRunner({ ...deps, dataDir: join(stateDir, "personalize"), threads, ...options.training });
  const personalize = createPersonalize({
    ...{ ...deps, authorizer, objects: s3.objectStore, jobs, settings, progress },
    ...{ keys, metrics, calls },
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
  const callerOf: ApiGatewayDeps["authenticate"] = (request, body) =>
    findSignature(request) ? authenticate({ credentials, now: () => deps.clock.now() }, request, body) : null;
  const apiGateway = createApiGateway({ ...deps, calls, authorizer, endpointUrl: url, authenticate: callerOf });
  const scheduler = createScheduler({ ...deps, calls, sdk, authorizer });
  return { jobs, personalize, lambda, glue, stepFunctions, apiGateway, scheduler };
}

/** Services in the order in which they resume; they close in the reverse order. */
export async function makeServices(options: CloudOptions, deps: ServiceDeps, url: () => string) {
  const services = new Map<ServiceId, AwsService>();
  const ground = await makeGround({ options, deps, url }, services);
  const workers = makeWorkers({ options, deps, url }, ground);
  const { calls, credentials, iam, iamApi, kms, logs, sns, cloudWatch, sts, eventBridge, s3 } = ground;
  const { jobs, personalize, lambda, glue, stepFunctions, apiGateway, scheduler } = workers;
  const all = [
    logs,
    sns,
    cloudWatch,
    sts,
    iamApi,
    s3,
    lambda,
    personalize,
    glue,
    stepFunctions,
    eventBridge,
    scheduler,
  ];
  const each = all.flatMap((made) => ("services" in made ? [...made.services] : [made.service]));
  for (const service of each) services.set(service.id, service);
  const provisioners = [iam, kms, apiGateway, ...all].flatMap((made) => [...made.provisioners]);
  const preview = previewOf(jobs, () => deps.clock.now());
  return { services, calls, s3, apiGateway, credentials, provisioners, jobs, preview, meter: personalize.meter };
}

/** Lets a test's fault port see every call first; nothing in between otherwise. */
function withFaults(calls: EndpointCalls, fault: Fault | undefined): EndpointCalls {
  if (!fault) return calls;
  return {
    ...calls,
    call: (service, operation, input, caller) =>
      fault({ service, operation, input }, () => calls.call(service, operation, input, caller)),
    invoke: (service, call, context) =>
      fault({ service, operation: call.operation, input: call.input }, () => calls.invoke(service, call, context)),
  };
}
