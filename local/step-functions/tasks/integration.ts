/** One optimized integration a file; each turns a Task's arguments into a call and the answer into JSON. */
import type { AwsCalls, Caller, SdkIntegration } from "../../cloud/ports/service.ts";
import type { CallOutcome } from "../interpreter/signal.ts";
import type { Json } from "../json.ts";

export interface CallRequest {
  readonly parameters: Json;
  /** Stays the same when the call is made again after a restart. */
  readonly attempt: string;
  /** The machine's role. */
  readonly caller: Caller;
}

export interface IntegrationDeps {
  readonly calls: AwsCalls;
  readonly sdk: SdkIntegration;
}

export type Integration = (request: CallRequest, deps: IntegrationDeps) => Promise<CallOutcome>;
