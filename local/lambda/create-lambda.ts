/** AWS Lambda: wires functions, their environments and their events into a service. */
import type { AccessRequest, AwsService, Provisioner } from "../cloud/ports/service.ts";
import { createAsyncEvents } from "./async-events.ts";
import { createEnvironmentPool } from "./environments/environment-pool.ts";
import { getFunction, getFunctionConfiguration, listFunctions } from "./operations/get-function.ts";
import { invoke } from "./operations/invoke.ts";
import { addPermission, getPolicy, removePermission } from "./operations/permissions.ts";
import { functionProvisioner } from "./provision-function.ts";
import { aliasProvisioner, permissionProvisioner, versionProvisioner } from "./provision-permission.ts";
import {
  functionArn,
  parseFunctionName,
  type FunctionRecord,
  type LambdaDeps,
  type LambdaState,
  type PermissionStatement,
  type Qualifier,
} from "./state.ts";

export interface Lambda {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
}

export function createLambda(deps: LambdaDeps): Lambda {
  const state: LambdaState = {
    deps,
    functions: deps.store.table<FunctionRecord>("lambda/functions"),
    qualifiers: deps.store.table<Qualifier>("lambda/qualifiers"),
    permissions: deps.store.table<readonly PermissionStatement[]>("lambda/permissions"),
  };
  const pool = createEnvironmentPool(deps);
  const events = createAsyncEvents(state, pool);
  const service: AwsService = {
    id: "lambda",
    operations: {
      Invoke: invoke(state, pool, events),
      GetFunction: getFunction(state),
      GetFunctionConfiguration: getFunctionConfiguration(state),
      ListFunctions: listFunctions(state),
      AddPermission: addPermission(state),
      RemovePermission: removePermission(state),
      GetPolicy: getPolicy(state),
    },
    access: (operation, input) => lambdaAccess(deps, operation, input as LambdaInput),
    resume: () => {
      events.resume();
      return Promise.resolve();
    },
    close: async () => {
      events.close();
      await pool.close();
    },
  };
  const provisioners = [functionProvisioner, permissionProvisioner, versionProvisioner, aliasProvisioner];
  return { service, provisioners: provisioners.map((make) => make(state)) };
}

interface LambdaInput {
  readonly FunctionName?: string;
  readonly Qualifier?: string;
}

/** Invoking is the one operation whose permission has another name. */
function lambdaAccess(deps: LambdaDeps, operation: string, input: LambdaInput): AccessRequest[] {
  const action = `lambda:${operation === "Invoke" ? "InvokeFunction" : operation}`;
  if (input.FunctionName === undefined) return [{ action, resource: "*" }];
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const arn = functionArn(deps, name);
  return [{ action, resource: qualifier === undefined ? arn : `${arn}:${qualifier}` }];
}
