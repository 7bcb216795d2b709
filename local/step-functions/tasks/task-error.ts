/** How a called service's refusal reads in a state machine: `<Service>.<Code>` and one line with the service's words. */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { CallOutcome } from "../interpreter/signal.ts";

export interface ServiceNames {
  /** Before the dot of the error's name, e.g. "SNS". */
  readonly prefix: string;
  /** In the cause's brackets, e.g. "AmazonSNS". */
  readonly service: string;
}

type Failed = Extract<CallOutcome, { kind: "failed" }>;

/** Fact 23. `requestId` is the attempt's: the embedded cloud's own calls have no other. */
export function serviceFailure(thrown: unknown, { prefix, service }: ServiceNames, requestId: string): Failed {
  if (!(thrown instanceof AwsError)) throw thrown;
  const { name, message, status } = thrown;
  const cause =
    `${message} (Service: ${service}; Status Code: ${status}; Error Code: ${name}; ` +
    `Request ID: ${requestId}; Proxy: null)`;
  return { kind: "failed", error: `${prefix}.${name}`, cause };
}

export const succeeded = (output: Extract<CallOutcome, { kind: "succeeded" }>["output"]): CallOutcome => ({
  kind: "succeeded",
  output,
});
