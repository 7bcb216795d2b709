/**
 * What a service of the embedded cloud looks like to the rest of it. A service folder exports one maker,
 * `create<Service>(deps): AwsService`, and knows neither HTTP nor any other service: the endpoint decodes, validates
 * against the official model, asks IAM, calls `operations[name]`, and encodes.
 */
import type { Readable } from "node:stream";

/** Ids are the SigV4 signing names, except where one name serves several APIs. They name the model files too. */
export type ServiceId =
  | "personalize"
  | "personalize-runtime"
  | "personalize-events"
  | "states"
  | "s3"
  | "events"
  | "scheduler"
  | "lambda"
  | "sns"
  | "monitoring"
  | "logs"
  | "sts"
  | "glue"
  | "iam";

/** Who is calling. `account` is any credential that is not a role's: it may do everything, like an account's root. */
export type Caller =
  | { readonly kind: "account" }
  | { readonly kind: "role"; readonly roleArn: string; readonly session: string }
  /**
   * A service acting by itself, judged by resource policies alone, e.g. personalize.amazonaws.com. `sourceArn` is what
   * it acts for (a rule, a topic): policies see it as aws:SourceArn, and its account as aws:SourceAccount.
   */
  | { readonly kind: "service"; readonly principal: string; readonly sourceArn?: string };

export interface CallContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly account: string;
  readonly region: string;
}

/**
 * One API operation, named as AWS names it. Input and output are the AWS SDK's own shapes (use `import type` from the
 * client package): wire member names, `Date` for timestamps, `Uint8Array` for blobs. The input has passed the official
 * model's required / type / length / pattern / enum checks; defaults are the operation's own business.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the operation table is heterogeneous; each entry is typed where it is defined
export type Operation = (input: any, context: CallContext) => unknown;

/** What IAM is asked before an operation runs. Resource "*" for operations without one. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
}

export interface AwsService {
  readonly id: ServiceId;
  readonly operations: Readonly<Record<string, Operation>>;
  /** The permissions one call needs, all of them; e.g. iam:PassRole beside personalize:CreateDatasetImportJob. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- input as in Operation
  access(operation: string, input: any, context: CallContext): readonly AccessRequest[];
  /** Starts what was under way when the process ended; called once, after all services exist. */
  resume?(): Promise<void>;
  close?(): Promise<void>;
}

/** The one way services reach each other: validated and authorised like a request from outside, without HTTP. */
export interface AwsCalls {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the caller knows the operation it names
  call(service: ServiceId, operation: string, input: unknown, caller: Caller): Promise<any>;
}

/**
 * Step Functions' `arn:aws:states:::aws-sdk:<service>:<action>` on top of AwsCalls: PascalCase parameters in, PascalCase
 * result out (timestamps as ISO text), errors renamed `<Service>.<Exception>` with the service's message and codes.
 */
export interface SdkIntegration {
  /** Throws SdkIntegrationError. `service` and `action` as in the ARN, e.g. "personalize", "createSolutionVersion". */
  call(service: string, action: string, parameters: unknown, caller: Caller): Promise<unknown>;
}

export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly versionId: string | undefined;
  readonly lastModified: number;
}

/** S3 as other services of the cloud see it; refused like S3 refuses (AccessDenied, NoSuchKey, NoSuchBucket as AwsError). */
export interface ObjectStore {
  list(bucket: string, prefix: string, caller: Caller): Promise<ObjectInfo[]>;
  read(bucket: string, key: string, caller: Caller): Promise<Readable>;
  write(
    bucket: string,
    key: string,
    body: Readable | Uint8Array | string,
    caller: Caller,
    /** A key to lock the object with; as the bucket does by default when absent. */
    lock?: { readonly kmsKeyArn?: string },
  ): Promise<ObjectInfo>;
}

/** Asks IAM: identity policies of the caller's role and the resource's own policy. Throws AccessDeniedException. */
export interface Authorizer {
  authorize(caller: Caller, request: AccessRequest): void;
  /** May this service principal assume that role (trust policy)? Throws AccessDenied. `sourceArn`: see Caller. */
  assertAssumable(roleArn: string, servicePrincipal: string, sourceArn?: string): void;
}

/** Where events for EventBridge's default bus go, e.g. S3's "Object Created". Durable when the promise resolves. */
export interface EventSink {
  emit(event: {
    readonly source: string;
    readonly detailType: string;
    readonly resources: readonly string[];
    readonly detail: unknown;
  }): Promise<void>;
}

/** What a person watching wants to know; `npm start` and the console listen. Never needed for correctness. */
export type Progress =
  | { kind: "state-entered"; executionArn: string; state: string; at: number }
  | { kind: "execution-ended"; executionArn: string; status: string; at: number }
  | { kind: "import"; jobArn: string; rows: number; bytes: number; totalBytes: number }
  | { kind: "batch"; jobArn: string; records: number; bytes: number; totalBytes: number }
  | {
      kind: "training";
      solutionVersionArn: string;
      recipe: string;
      /** Fraction done in [0, 1]. */
      fraction: number;
      epoch: number;
      epochs: number;
      /** Mean training loss of the last epoch in nats per event; absent for counting recipes. */
      loss?: number;
      /** Quality on users kept apart, where the recipe looks. */
      metric?: { readonly name: string; readonly value: number };
      /** What is done beside learning: "loading the data", "trial 3 of 12", "evaluating". */
      phase?: string;
      secondsLeft?: number;
    };
export type ProgressListener = (progress: Progress) => void;

/** One CloudFormation resource type. Applied in dependency order at every start; the same properties change nothing. */
export interface Provisioner {
  readonly type: string;
  apply(request: {
    readonly stackName: string;
    readonly logicalId: string;
    /** The physical id that was given last time; absent on first creation. */
    readonly physicalId: string | undefined;
    /**
     * All intrinsics resolved. Where a location in the asset bucket stands (Lambda's `Code`: S3Bucket + S3Key; a state
     * machine's `DefinitionS3Location`: Bucket + Key; a Glue job's `Command`: ScriptLocation), that object has one more
     * member, `localAsset`: the absolute path of the synthesized file or folder.
     */
    readonly properties: Readonly<Record<string, unknown>>;
  }): Promise<{
    readonly ref: string;
    /** What tells the resource from others of its type where Ref does not; `ref` when absent. */
    readonly physicalId?: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }>;
  remove(physicalId: string): Promise<void>;
}

/** What every service maker is given, beside the ports particular to it. */
export interface ServiceDeps {
  readonly clock: import("./clock.ts").Clock;
  readonly ids: import("./clock.ts").Ids;
  readonly random: import("./clock.ts").RandomSource;
  readonly store: import("./store.ts").Store;
  /** Twelve digits, e.g. 000000000000. */
  readonly account: string;
  readonly region: string;
  /** A line for the log; no user data in it. */
  readonly log: (line: string) => void;
}
