/** What an error is called on the wire and with which HTTP status it is sent: the model's word before the thrower's. */
import type { AwsError } from "../ports/aws-error.ts";
import type { Model, Shape } from "./model.ts";

export interface WireError {
  /** The exception shape's name, e.g. "NotFoundException"; what SDKs name their class. */
  readonly name: string;
  /** The code in query and XML protocols, e.g. "NotFound"; equal to the name where the model gives none. */
  readonly code: string;
  readonly status: number;
  readonly isServerFault: boolean;
  readonly message: string;
  /** Members of the error's body beside the message. */
  readonly details: Readonly<Record<string, unknown>>;
  /** How this exception spells its message member: "message" or "Message". */
  readonly messageMember: string;
  /** The shape, when the service's model has this exception. */
  readonly shape: Shape | undefined;
}

/** Finds the exception by shape name or by wire code; errors outside the model (AccessDenied, Throttling) pass as they are. */
export function describeError(model: Model, error: AwsError): WireError {
  const found = exceptionOf(model, error.name);
  const name = found?.[0] ?? error.name;
  const shape = found?.[1];
  const status = shape?.error?.httpStatusCode ?? (shape?.fault && error.status < 500 ? 500 : error.status);
  return {
    name,
    code: shape?.error?.code ?? name,
    status,
    isServerFault: status >= 500,
    message: error.message,
    details: error.details,
    messageMember: Object.keys(shape?.members ?? {}).find((member) => /^message$/i.test(member)) ?? "message",
    shape,
  };
}

function exceptionOf(model: Model, name: string): [string, Shape] | undefined {
  const direct = Object.hasOwn(model.shapes, name) ? model.shapes[name] : undefined;
  if (direct?.exception) return [name, direct];
  return Object.entries(model.shapes).find(([, shape]) => shape.exception && shape.error?.code === name);
}
