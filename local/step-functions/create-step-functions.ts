/**
 * Step Functions for one machine: the API, a durable interpreter of the Amazon States Language, and the template's
 * state machines. `interpreter/` decides, `runner/` performs, `operations/` answers requests.
 */
import { type CallCounter, uncounted } from "../cloud/ports/metrics.ts";
import { AwsError } from "../cloud/ports/aws-error.ts";
import type {
  Authorizer,
  AwsCalls,
  AwsService,
  Caller,
  ProgressListener,
  Provisioner,
  SdkIntegration,
  ServiceDeps,
} from "../cloud/ports/service.ts";
import { makeOperations } from "./operations/operations.ts";
import { accessOf } from "./operations/access.ts";
import type { OperationDeps } from "./operations/deps.ts";
import { forgetExpired } from "./operations/retention.ts";
import { createDefinitions } from "./program/definitions.ts";
import { parseTaskResource } from "./program/task-resource.ts";
import { stateMachineProvisioner } from "./provision-state-machine.ts";
import type { PerformCall } from "./runner/armory.ts";
import { createLogDelivery } from "./runner/log-delivery.ts";
import { createRunner } from "./runner/runner.ts";
import { countingEnds } from "./execution-metrics.ts";
import { openTables } from "./runner/tables.ts";
import type { IntegrationDeps } from "./tasks/integration.ts";
import { jobRunResult } from "./tasks/glue-start-job-run.ts";
import { integrationFor } from "./tasks/integrations.ts";
import { executionResult } from "./tasks/states-start-execution.ts";

export interface StepFunctionsDeps extends ServiceDeps {
  /** Both are used from `resume()` on, not before. */
  readonly calls: AwsCalls;
  readonly sdk: SdkIntegration;
  readonly authorizer: Authorizer;
  readonly progress?: ProgressListener;
  /** Where ends of executions are counted. */
  readonly metrics?: CallCounter;
}

export interface StepFunctions {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
}

export function createStepFunctions(deps: StepFunctionsDeps): StepFunctions {
  const { store, account, region, authorizer, metrics = uncounted, progress = () => {} } = deps;
  const tables = openTables(store);
  const definitions = createDefinitions(tables.definitions);
  const runner = createRunner({
    ...deps,
    tables,
    performCall: performer(deps),
    programOf: (key) => definitions.programOf(key),
    progress: countingEnds(progress, metrics),
    logDelivery: createLogDelivery({ ...deps, loggingOf: (arn) => tables.machines.get(arn)?.loggingConfiguration }),
  });
  const { clock, ids } = deps;
  const shared: OperationDeps = { clock, ids, store, account, region, tables, runner, definitions, authorizer };
  return {
    service: {
      id: "states",
      operations: makeOperations(shared),
      access: (operation, input) => accessOf(operation, input as Parameters<typeof accessOf>[1], { account, region }),
      async resume() {
        forgetExpired(shared);
        runner.resume();
        await store.commit();
      },
      close: () => runner.close(),
    },
    provisioners: [stateMachineProvisioner(shared)],
  };
}

/** Every call is made as the machine's role, in a session named after the execution. */
function performer({ calls, sdk, authorizer }: IntegrationDeps & Pick<StepFunctionsDeps, "authorizer">): PerformCall {
  return async (execution, { resource: arn, parameters, attempt, awaits = "" }, part) => {
    const resource = parseTaskResource(arn);
    if (!resource) throw new Error(`No integration for the resource '${arn}'`);
    const { roleArn, name: session, machineArn } = execution;
    try {
      authorizer.assertAssumable(roleArn, "states.amazonaws.com", machineArn);
    } catch (thrown) {
      if (!(thrown instanceof AwsError)) throw thrown;
      return { kind: "failed", error: "States.Permissions", cause: thrown.message };
    }
    const caller: Caller = { kind: "role", roleArn, session };
    const request = { parameters, attempt, caller };
    if (part === "request") return integrationFor(resource)(request, { calls, sdk });
    if (!awaits.startsWith("arn:")) return jobRunResult(awaits, request, { calls });
    const parseTexts = resource.kind === "service" && resource.pattern === "sync2";
    return executionResult(awaits, parseTexts, request, { calls, sdk });
  };
}
