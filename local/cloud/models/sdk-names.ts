/**
 * Step Functions' names for services, parameters and exceptions in `arn:aws:states:::aws-sdk:…`. They are those of the AWS
 * SDK for Java 2, which Step Functions uses: member names with their leading capitals lowered and the first one raised again
 * (SSEKMSKeyId -> SsekmsKeyId, ETag -> ETag), exceptions that end in "Exception".
 */
import type { ServiceId } from "../ports/service.ts";

export interface SdkService {
  readonly id: ServiceId;
  /** What precedes the exception's name: `Sfn.StateMachineDoesNotExistException`. */
  readonly prefix: string;
}

const sdkServices: Readonly<Record<string, SdkService>> = {
  personalize: { id: "personalize", prefix: "Personalize" },
  personalizeruntime: { id: "personalize-runtime", prefix: "PersonalizeRuntime" },
  personalizeevents: { id: "personalize-events", prefix: "PersonalizeEvents" },
  sfn: { id: "states", prefix: "Sfn" },
  s3: { id: "s3", prefix: "S3" },
  eventbridge: { id: "events", prefix: "EventBridge" },
  scheduler: { id: "scheduler", prefix: "Scheduler" },
  lambda: { id: "lambda", prefix: "Lambda" },
  sns: { id: "sns", prefix: "Sns" },
  cloudwatch: { id: "monitoring", prefix: "CloudWatch" },
  cloudwatchlogs: { id: "logs", prefix: "CloudWatchLogs" },
  sts: { id: "sts", prefix: "Sts" },
  iam: { id: "iam", prefix: "Iam" },
  glue: { id: "glue", prefix: "Glue" },
};

/** The service of an ARN's `aws-sdk:<name>`; undefined for one that this cloud does not have. */
export function sdkServiceOf(name: string): SdkService | undefined {
  return Object.hasOwn(sdkServices, name) ? sdkServices[name] : undefined;
}

export const sdkServiceNames: readonly string[] = Object.keys(sdkServices);

/** `createSolutionVersion` -> `CreateSolutionVersion`. */
export function operationNameOf(action: string): string {
  return action.charAt(0).toUpperCase() + action.slice(1);
}

/** A member's name as a Step Functions parameter or result field. */
export function sdkMemberName(member: string): string {
  const lowered = lowerLeadingCapitals(member);
  return lowered.charAt(0).toUpperCase() + lowered.slice(1);
}

/** Lowers a run of capitals up to the one that begins the next word: SSEKMSKeyId -> ssekmsKeyId, URL -> url. */
function lowerLeadingCapitals(name: string): string {
  const isUpper = (index: number) => /[A-Z]/.test(name.charAt(index));
  let end = 1;
  while (end < name.length && isUpper(end) && !/[a-z]/.test(name.charAt(end + 1))) end++;
  return name.slice(0, end).toLowerCase() + name.slice(end);
}

/** `NoSuchKey` -> `NoSuchKeyException`, `…Fault` -> `…Exception`, `KMSDisabledException` -> `KmsDisabledException`. */
export function sdkExceptionName(shapeName: string): string {
  const name = sdkMemberName(shapeName);
  if (name.endsWith("Fault")) return `${name.slice(0, -"Fault".length)}Exception`;
  return name.endsWith("Exception") ? name : `${name}Exception`;
}
