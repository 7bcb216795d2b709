/** AddPermission, RemovePermission and GetPolicy: the function's own policy, which IAM reads. */
import type {
  AddPermissionRequest,
  AddPermissionResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  RemovePermissionRequest,
} from "@aws-sdk/client-lambda";
import { createHash } from "node:crypto";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { findFunction, ResourceNotFoundException, type LambdaState, type PermissionStatement } from "../state.ts";

export const addPermission =
  (state: LambdaState) =>
  async (input: AddPermissionRequest): Promise<AddPermissionResponse> => {
    const { record, invokedArn } = findFunction(state, input.FunctionName, input.Qualifier);
    const statement = statementFrom(input, invokedArn);
    const statements = state.permissions.get(record.name) ?? [];
    if (statements.some(({ Sid }) => Sid === statement.Sid)) {
      throw new AwsError(
        "ResourceConflictException",
        `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        { status: 409, details: { Type: "User" } },
      );
    }
    await keepPermissions(state, record.name, [...statements, statement]);
    return { Statement: JSON.stringify(statement) };
  };

export function statementFrom(input: AddPermissionRequest, resource: string): PermissionStatement {
  const { SourceArn: sourceArn, SourceAccount: sourceAccount, PrincipalOrgID: org } = input;
  const equals = {
    ...(sourceAccount === undefined ? {} : { "AWS:SourceAccount": sourceAccount }),
    ...(org === undefined ? {} : { "aws:PrincipalOrgID": org }),
  };
  const condition = {
    ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}),
    ...(sourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": sourceArn } }),
  };
  return {
    Sid: input.StatementId ?? "",
    Effect: "Allow",
    Principal: principalFrom(input.Principal ?? ""),
    Action: input.Action ?? "",
    Resource: resource,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

function principalFrom(principal: string): unknown {
  if (principal === "*") return "*";
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith("arn:") ? { AWS: principal } : { Service: principal };
}

const policyOf = (statements: readonly PermissionStatement[]) => ({
  Version: "2012-10-17",
  Id: "default",
  Statement: statements,
});

/** Tells IAM first: a permission that is only half there must not be one that IAM does not know. */
export async function keepPermissions(
  state: LambdaState,
  name: string,
  statements: readonly PermissionStatement[],
): Promise<void> {
  const arn = `arn:aws:lambda:${state.deps.region}:${state.deps.account}:function:${name}`;
  if (statements.length === 0) state.permissions.delete(name);
  else state.permissions.put(name, statements);
  await state.deps.setResourcePolicy(arn, statements.length === 0 ? undefined : policyOf(statements));
}

export const removePermission =
  (state: LambdaState) =>
  async (input: RemovePermissionRequest): Promise<void> => {
    const { record } = findFunction(state, input.FunctionName, input.Qualifier);
    const statements = state.permissions.get(record.name) ?? [];
    const left = statements.filter(({ Sid }) => Sid !== input.StatementId);
    if (left.length === statements.length) {
      throw new ResourceNotFoundException(`Statement ${input.StatementId} is not found in resource policy.`);
    }
    await keepPermissions(state, record.name, left);
  };

export const getPolicy =
  (state: LambdaState) =>
  (input: GetPolicyRequest): GetPolicyResponse => {
    const { record } = findFunction(state, input.FunctionName, input.Qualifier);
    const statements = state.permissions.get(record.name);
    if (!statements) throw new ResourceNotFoundException("The resource you requested does not exist.");
    const Policy = JSON.stringify(policyOf(statements));
    return { Policy, RevisionId: createHash("sha256").update(Policy).digest("hex").slice(0, 32) };
  };
