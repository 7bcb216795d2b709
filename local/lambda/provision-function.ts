/** AWS::Lambda::Function: Ref is its name; attribute Arn. What cannot run here is refused by name. */
import * as z from "zod";
import { physicalName } from "../cloud/ports/physical-name.ts";
import type { Provisioner } from "../cloud/ports/service.ts";
import { reservedNames } from "./environments/function-environment.ts";
import { functionCode } from "./function-code.ts";
import { keepPermissions } from "./operations/permissions.ts";
import { functionArn, InvalidParameterValueException, type FunctionRecord, type LambdaState } from "./state.ts";

const Properties = z.looseObject({
  FunctionName: z.string().optional(),
  Description: z.string().default(""),
  Runtime: z.string().default("nodejs24.x"),
  Handler: z.string().default("index.handler"),
  Role: z.string(),
  Code: z.looseObject({
    localAsset: z.string().optional(),
    ZipFile: z.string().optional(),
    S3Bucket: z.string().optional(),
    S3Key: z.string().optional(),
    ImageUri: z.string().optional(),
  }),
  Timeout: z.coerce.number().int().min(1).max(900).default(3),
  MemorySize: z.coerce.number().int().min(128).max(10_240).default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).default({ Variables: {} }),
  Architectures: z.array(z.string()).default(["x86_64"]),
  Layers: z.array(z.string()).default([]),
  LoggingConfig: z
    .looseObject({ LogGroup: z.string().optional(), LogFormat: z.enum(["Text", "JSON"]).default("Text") })
    .default({ LogFormat: "Text" }),
  ReservedConcurrentExecutions: z.coerce.number().int().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

type Wanted = z.infer<typeof Properties>;

export function functionProvisioner(state: LambdaState): Provisioner {
  const { deps } = state;
  return {
    type: "AWS::Lambda::Function",
    async apply({ stackName, logicalId, properties }) {
      const wanted = Properties.parse(properties);
      assertRunnable(wanted);
      const name = wanted.FunctionName ?? physicalName(stackName, logicalId);
      assertRole(state, wanted.Role);
      const before = state.functions.get(name);
      const record = toRecord(wanted, name, before?.modifiedAt ?? deps.clock.now(), state);
      if (JSON.stringify(before) !== JSON.stringify(record)) {
        state.functions.put(name, before ? { ...record, modifiedAt: deps.clock.now() } : record);
      }
      await deps.store.commit();
      return { ref: name, attributes: { Arn: record.arn } };
    },
    async remove(name) {
      state.functions.delete(name);
      for (const [key] of [...state.qualifiers.entries()]) if (key.startsWith(`${name}:`)) state.qualifiers.delete(key);
      await keepPermissions(state, name, []);
      await deps.store.commit();
    },
  };
}

function toRecord(wanted: Wanted, name: string, modifiedAt: number, { deps }: LambdaState): FunctionRecord {
  const reserved = wanted.ReservedConcurrentExecutions;
  return {
    name,
    arn: functionArn(deps, name),
    description: wanted.Description,
    runtime: wanted.Runtime,
    handler: wanted.Handler,
    roleArn: wanted.Role,
    timeoutSeconds: wanted.Timeout,
    memoryMb: wanted.MemorySize,
    environment: wanted.Environment.Variables,
    architecture: wanted.Architectures[0] ?? "x86_64",
    ...functionCode(wanted.Code, deps.codeDirectory),
    logGroup: wanted.LoggingConfig.LogGroup ?? `/aws/lambda/${name}`,
    logFormat: wanted.LoggingConfig.LogFormat,
    ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
    modifiedAt,
    tags: Object.fromEntries(wanted.Tags.map(({ Key, Value }) => [Key, Value])),
  };
}

function assertRunnable({ Runtime: runtime, Code: code, Layers: layers, Environment: environment }: Wanted): void {
  if (code.ImageUri !== undefined)
    throw new InvalidParameterValueException("Container images cannot run here; use a folder of code.");
  if (!/^nodejs\d+\.x$/.test(runtime)) {
    throw new InvalidParameterValueException(`The runtime ${runtime} cannot run here; functions must be Node.js.`);
  }
  if (layers.length > 0)
    throw new InvalidParameterValueException("Layers are not mounted here; bundle what the function needs.");
  const reserved = Object.keys(environment.Variables).filter((name) => reservedNames.includes(name));
  if (reserved.length === 0) return;
  throw new InvalidParameterValueException(
    "Lambda was unable to configure your environment variables because the environment variables you have provided " +
      `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
  );
}

function assertRole({ deps }: LambdaState, role: string): void {
  try {
    deps.authorizer.assertAssumable(role, "lambda.amazonaws.com");
  } catch (cause) {
    throw new InvalidParameterValueException(
      `The role defined for the function cannot be assumed by Lambda. ${(cause as Error).message}`,
      { cause },
    );
  }
}
