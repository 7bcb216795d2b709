/** AWS::Lambda::Permission, AWS::Lambda::Version and AWS::Lambda::Alias. */
import * as z from "zod";
import { physicalName } from "../cloud/ports/physical-name.ts";
import type { Provisioner } from "../cloud/ports/service.ts";
import { keepPermissions, statementFrom } from "./operations/permissions.ts";
import { findFunction, functionArn, parseFunctionName, type LambdaState } from "./state.ts";

const PermissionProperties = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
  PrincipalOrgID: z.string().optional(),
});

/** Ref is the statement's id. */
export function permissionProvisioner(state: LambdaState): Provisioner {
  return {
    type: "AWS::Lambda::Permission",
    async apply({ stackName, logicalId, properties }) {
      const wanted = PermissionProperties.parse(properties);
      const sid = physicalName(stackName, logicalId, 100);
      const { record, invokedArn } = findFunction(state, wanted.FunctionName);
      const statement = statementFrom({ ...wanted, StatementId: sid }, invokedArn);
      const before = state.permissions.get(record.name) ?? [];
      const isThere = before.some((one) => JSON.stringify(one) === JSON.stringify(statement));
      if (!isThere) await keepPermissions(state, record.name, [...before.filter(({ Sid }) => Sid !== sid), statement]);
      return { ref: sid, attributes: { Id: sid } };
    },
    async remove(sid) {
      for (const [name, statements] of [...state.permissions.entries()]) {
        const left = statements.filter(({ Sid }) => Sid !== sid);
        if (left.length < statements.length) await keepPermissions(state, name, left);
      }
    },
  };
}

const VersionProperties = z.looseObject({ FunctionName: z.string() });

/** A version is the function as it was when the version was first deployed; its number is never used again. */
export function versionProvisioner(state: LambdaState): Provisioner {
  const { store } = state.deps;
  const counters = store.table<number>("lambda/version-counters");
  return {
    type: "AWS::Lambda::Version",
    async apply({ physicalId, properties }) {
      const { name } = parseFunctionName(VersionProperties.parse(properties).FunctionName);
      const { record } = findFunction(state, name);
      const known =
        physicalId === undefined ? undefined : state.qualifiers.get(physicalId.split(":").slice(-2).join(":"));
      if (known?.kind === "version" && known.snapshot.name === name) return versionResult(state, name, known.number);
      const number = (counters.get(name) ?? 0) + 1;
      counters.put(name, number);
      state.qualifiers.put(`${name}:${number}`, { kind: "version", number: String(number), snapshot: record });
      await store.commit();
      return versionResult(state, name, String(number));
    },
    remove: (ref) => removeQualifier(state, ref),
  };
}

function versionResult({ deps }: LambdaState, name: string, number: string) {
  const arn = `${functionArn(deps, name)}:${number}`;
  return { ref: arn, attributes: { Version: number, FunctionArn: arn } };
}

const AliasProperties = z.looseObject({ FunctionName: z.string(), Name: z.string(), FunctionVersion: z.string() });

export function aliasProvisioner(state: LambdaState): Provisioner {
  return {
    type: "AWS::Lambda::Alias",
    async apply({ properties }) {
      const wanted = AliasProperties.parse(properties);
      const { name } = parseFunctionName(wanted.FunctionName);
      findFunction(state, name, wanted.FunctionVersion);
      state.qualifiers.put(`${name}:${wanted.Name}`, { kind: "alias", version: wanted.FunctionVersion });
      await state.deps.store.commit();
      const arn = `${functionArn(state.deps, name)}:${wanted.Name}`;
      return { ref: arn, attributes: { AliasArn: arn } };
    },
    remove: (ref) => removeQualifier(state, ref),
  };
}

async function removeQualifier(state: LambdaState, arn: string): Promise<void> {
  state.qualifiers.delete(arn.split(":").slice(-2).join(":"));
  await state.deps.store.commit();
}
