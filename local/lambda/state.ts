/** What Lambda remembers: functions, their versions and aliases, who may call them, and events not yet processed. */
import type { CallCounter } from "../cloud/ports/metrics.ts";
import { AwsError } from "../cloud/ports/aws-error.ts";
import type { Clock } from "../cloud/ports/clock.ts";
import type { IssuedKey } from "../cloud/ports/credentials.ts";
import type { Authorizer, ServiceDeps } from "../cloud/ports/service.ts";
import type { Table } from "../cloud/ports/store.ts";

export interface LambdaDeps extends ServiceDeps {
  readonly authorizer: Authorizer;
  /** Real time even where `clock` jumps: functions really run, so their timeouts must really pass. */
  readonly realClock: Clock;
  /** Where functions send their AWS calls. */
  readonly endpointUrl: () => string;
  readonly issueCredentials: (roleArn: string, session: string) => IssuedKey;
  readonly appendLog: (group: string, stream: string, lines: readonly string[]) => void;
  readonly setResourcePolicy: (resourceArn: string, document: object | undefined) => Promise<void>;
  /** Code that templates write inline is put here. */
  readonly codeDirectory: string;
  /** Where invocations and their errors are counted. */
  readonly metrics?: CallCounter;
  /** The built worker; `dist/lambda-worker.mjs` when absent. */
  readonly workerFile?: string;
}

export interface FunctionRecord {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly runtime: string;
  readonly handler: string;
  readonly roleArn: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly architecture: string;
  /** Folder of the code, its size and the hash of its files. */
  readonly codePath: string;
  readonly codeBytes: number;
  readonly codeSha256: string;
  readonly logGroup: string;
  readonly logFormat: "Text" | "JSON";
  /** Invocations at a time; absent: as many as there are environments. */
  readonly reservedConcurrency?: number;
  readonly modifiedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

export type Qualifier =
  | { readonly kind: "version"; readonly number: string; readonly snapshot: FunctionRecord }
  | { readonly kind: "alias"; readonly version: string };

export interface PermissionStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: unknown;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: object;
}

export interface LambdaState {
  readonly deps: LambdaDeps;
  readonly functions: Table<FunctionRecord>;
  /** By `<function>:<version or alias>`. */
  readonly qualifiers: Table<Qualifier>;
  /** By function name. */
  readonly permissions: Table<readonly PermissionStatement[]>;
}

export class ResourceNotFoundException extends AwsError {
  constructor(message: string) {
    super("ResourceNotFoundException", message, { status: 404, details: { Type: "User" } });
  }
}

export class InvalidParameterValueException extends AwsError {
  constructor(message: string, options: ErrorOptions = {}) {
    super("InvalidParameterValueException", message, { ...options, details: { Type: "User" } });
  }
}

export const functionArn = ({ region, account }: ServiceDeps, name: string): string =>
  `arn:aws:lambda:${region}:${account}:function:${name}`;

export interface FunctionReference {
  readonly name: string;
  readonly qualifier: string | undefined;
}

/** A function is named by its name, a partial ARN or its ARN, each perhaps with `:<qualifier>`. */
export function parseFunctionName(text: string, qualifier?: string): FunctionReference {
  const parts = text.split(":");
  const start = parts.lastIndexOf("function") + 1;
  const [name = "", inName] = parts.slice(start);
  if (qualifier !== undefined && inName !== undefined && qualifier !== inName) {
    throw new InvalidParameterValueException(
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  return { name, qualifier: qualifier ?? inName };
}

export interface ResolvedFunction {
  readonly record: FunctionRecord;
  /** `$LATEST` or the number of a version. */
  readonly version: string;
  readonly invokedArn: string;
}

export function findFunction(
  state: LambdaState,
  nameText: string | undefined,
  qualifierText?: string,
): ResolvedFunction {
  const { name, qualifier } = parseFunctionName(nameText ?? "", qualifierText);
  const latest = state.functions.get(name);
  const arn = functionArn(state.deps, name);
  const invokedArn = qualifier === undefined ? arn : `${arn}:${qualifier}`;
  if (!latest) throw new ResourceNotFoundException(`Function not found: ${invokedArn}`);
  if (qualifier === undefined || qualifier === "$LATEST") return { record: latest, version: "$LATEST", invokedArn };
  const found = state.qualifiers.get(`${name}:${qualifier}`);
  const version = found?.kind === "alias" ? state.qualifiers.get(`${name}:${found.version}`) : found;
  if (found?.kind === "alias" && found.version === "$LATEST") return { record: latest, version: "$LATEST", invokedArn };
  if (version?.kind !== "version") throw new ResourceNotFoundException(`Function not found: ${invokedArn}`);
  return { record: version.snapshot, version: version.number, invokedArn };
}
