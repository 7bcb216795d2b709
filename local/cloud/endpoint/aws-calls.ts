/**
 * The one way into a service's operations, from HTTP and from inside alike: validate against the official model, ask IAM
 * for every permission the call needs, run.
 */
import { AccessDeniedException, AwsError } from "../ports/aws-error.ts";
import type { Clock, Ids } from "../ports/clock.ts";
import type { Authorizer, AwsCalls, AwsService, CallContext, Caller, ServiceId } from "../ports/service.ts";
import { loadModel } from "../models/load-model.ts";
import { hasOperation, type Model } from "../models/model.ts";
import type { DecodedCall } from "./protocols/protocol.ts";
import { validateInput } from "../models/validate-input.ts";

export interface AwsCallsDeps {
  /** Read at every call: services that need calls themselves may be added after this is made. */
  readonly services: ReadonlyMap<ServiceId, AwsService>;
  readonly authorizer: Authorizer;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly log: (line: string) => void;
}

export interface EndpointCalls extends AwsCalls {
  /** As `call`, with the request id of an HTTP request. Throws nothing but AwsError; bugs go to the log. */
  invoke(service: ServiceId, call: DecodedCall, context: CallContext): Promise<unknown>;
  contextOf(caller: Caller): CallContext;
  modelOf(service: ServiceId): Model;
}

/** Operations that wait on the clock by design; holding the clock for them would stop what they wait for. */
const longPolls: ReadonlySet<string> = new Set(["GetActivityTask", "StartSyncExecution"]);

export function isLongPoll(operation: string): boolean {
  return longPolls.has(operation);
}

export function createAwsCalls({
  services,
  authorizer,
  ids,
  clock,
  account,
  region,
  log,
}: AwsCallsDeps): EndpointCalls {
  const models = new Map<ServiceId, Model>();
  const modelOf = (service: ServiceId): Model => {
    let model = models.get(service);
    if (!model) models.set(service, (model = loadModel(service)));
    return model;
  };
  const contextOf = (caller: Caller): CallContext => ({ caller, requestId: ids.uuid(), account, region });

  async function invoke(id: ServiceId, call: DecodedCall, context: CallContext): Promise<unknown> {
    const { operation } = call;
    const release = isLongPoll(operation) ? () => {} : clock.busy();
    try {
      return await run(id, call, context);
    } catch (error) {
      if (error instanceof AwsError) throw error;
      log(`${context.requestId} ${id} ${operation}: ${stackOf(error)}`);
      throw internalFailure(context.requestId, error);
    } finally {
      release();
    }
  }

  async function run(id: ServiceId, call: DecodedCall, context: CallContext): Promise<unknown> {
    const { operation: name, input, isValid = false } = call;
    const service = services.get(id);
    const model = modelOf(id);
    const operation = service && Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
    if (!service || !operation) throw unknownOperation(model, name);
    if (!isValid) validateInput(model, name, input);
    const checked = input ?? {};
    for (const request of service.access(name, checked, context)) authorize(id, context.caller, request);
    return operation(checked, context);
  }

  function authorize(id: ServiceId, caller: Caller, request: Parameters<Authorizer["authorize"]>[1]): void {
    try {
      authorizer.authorize(caller, request);
    } catch (error) {
      throw error instanceof AccessDeniedException ? deniedBy(id, error) : error;
    }
  }

  const call: AwsCalls["call"] = (service, operation, input, caller) =>
    invoke(service, { operation, input }, contextOf(caller));

  return { call, invoke, contextOf, modelOf };
}

/** What callers see of an error of ours: the log has the rest, under the same id. */
export function internalFailure(requestId: string, cause: unknown): AwsError {
  const message = `The embedded cloud failed inside; its log has the details under request id ${requestId}`;
  return new AwsError("InternalFailure", message, { status: 500, cause });
}

export function stackOf(error: unknown): string {
  return (error as Error | undefined)?.stack ?? String(error);
}

/** What the query protocol calls InvalidAction, the others UnknownOperationException. */
export function unknownOperation(model: Model, operation: string): AwsError {
  const { serviceFullName, protocol } = model.metadata;
  const why = hasOperation(model, operation)
    ? `${operation} of ${serviceFullName} is not supported by this cloud; docs/support.md lists what is`
    : `${serviceFullName} has no operation ${operation === "" ? "for this method and path" : operation}`;
  if (protocol === "query") return new AwsError("InvalidAction", why);
  return new AwsError("UnknownOperationException", why, { status: protocol === "rest-json" ? 404 : 400 });
}

/** How services call IAM's refusal where it is not AccessDeniedException with status 400. */
const refusals: Partial<Record<ServiceId, { name: string; status: number }>> = {
  s3: { name: "AccessDenied", status: 403 },
  sts: { name: "AccessDenied", status: 403 },
  monitoring: { name: "AccessDenied", status: 403 },
  sns: { name: "AuthorizationError", status: 403 },
  lambda: { name: "AccessDeniedException", status: 403 },
  scheduler: { name: "AccessDeniedException", status: 403 },
  "personalize-runtime": { name: "AccessDeniedException", status: 403 },
  "personalize-events": { name: "AccessDeniedException", status: 403 },
};

function deniedBy(service: ServiceId, error: AccessDeniedException): AwsError {
  const refusal = refusals[service];
  return refusal ? new AwsError(refusal.name, error.message, { status: refusal.status, cause: error }) : error;
}
