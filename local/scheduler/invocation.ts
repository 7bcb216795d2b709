/** One call of a schedule's target: what is sent, and in whose name. A row per kind of target. */
import { createHash } from "node:crypto";
import type { Target } from "@aws-sdk/client-scheduler";
import type { Authorizer, AwsCalls, Caller, SdkIntegration } from "../cloud/ports/service.ts";

export interface Invocation {
  readonly scheduleArn: string;
  readonly scheduleName: string;
  readonly groupArn: string;
  readonly target: Target;
  readonly scheduledAt: number;
  /** No attempt is made after this instant. */
  readonly expiresAt: number;
  readonly attempts: number;
  readonly dueAt: number;
}

export interface InvocationPorts {
  readonly calls: AwsCalls;
  readonly sdk: SdkIntegration;
  readonly authorizer: Authorizer;
}

interface Outgoing extends InvocationPorts {
  readonly target: Target;
  readonly arn: string;
  readonly input: string | undefined;
  /** The same for every attempt at one run. */
  readonly name: string;
  readonly caller: Caller;
}

type Sender = (outgoing: Outgoing) => Promise<unknown>;

const digestOf = ({ scheduleArn, scheduledAt }: Pick<Invocation, "scheduleArn" | "scheduledAt">) =>
  createHash("sha256").update(`${scheduleArn}\0${scheduledAt}`).digest("hex");

/** A UUID, as Step Functions makes up for executions without a name; from the run, so that a second attempt starts nothing twice. */
function executionName(invocation: Invocation): string {
  const hex = digestOf(invocation);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

const startExecution: Sender = ({ calls, arn, input = "{}", name, caller }) =>
  unlessStarted(calls.call("states", "StartExecution", { stateMachineArn: arn, input, name }, caller));

async function unlessStarted(started: Promise<unknown>): Promise<void> {
  try {
    await started;
  } catch (error) {
    // An earlier attempt at this very run got through.
    if (!/ExecutionAlreadyExists/.test(`${(error as Error).name} ${(error as Error).message}`)) throw error;
  }
}

const invokeFunction: Sender = ({ calls, arn, input = "{}", caller }) =>
  calls.call("lambda", "Invoke", { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(input) }, caller);

const publish: Sender = ({ calls, arn, input = "{}", caller }) =>
  calls.call("sns", "Publish", { TopicArn: arn, Message: input }, caller);

const putEvent: Sender = ({ calls, target, arn, input = "{}", caller }) => {
  const { Source, DetailType } = target.EventBridgeParameters ?? {};
  return calls.call(
    "events",
    "PutEvents",
    { Entries: [{ EventBusName: arn, Source, DetailType, Detail: input }] },
    caller,
  );
};

/** `arn:aws:scheduler:::aws-sdk:<service>:<action>`: the input is the API's own request. */
const callSdk: Sender = ({ sdk, arn, input = "{}", name, caller }) => {
  const [, service = "", action = ""] = universal.exec(arn) ?? [];
  const parameters = JSON.parse(input) as Record<string, unknown>;
  if (service !== "sfn" || action !== "startExecution") return sdk.call(service, action, parameters, caller);
  return unlessStarted(sdk.call(service, action, { Name: name, ...parameters }, caller));
};

const universal = /^arn:aws:scheduler:::aws-sdk:([a-z0-9-]+):([A-Za-z0-9]+)$/;

const senders: readonly { readonly arn: RegExp; readonly send: Sender }[] = [
  { arn: universal, send: callSdk },
  { arn: /^arn:aws:states:[^:]*:\d{12}:stateMachine:./, send: startExecution },
  { arn: /^arn:aws:lambda:[^:]*:\d{12}:function:./, send: invokeFunction },
  { arn: /^arn:aws:sns:[^:]*:\d{12}:./, send: publish },
  { arn: /^arn:aws:events:[^:]*:\d{12}:event-bus\/./, send: putEvent },
];

/** Why a target cannot be one, or undefined. */
export function targetFault({ Arn: arn = "", Input: input, EventBridgeParameters: event }: Target): string | undefined {
  if (!senders.some((sender) => sender.arn.test(arn))) {
    return `Provided Arn is not supported: ${arn}. Targets may be a state machine, function, topic, event bus or aws-sdk call.`;
  }
  if (/:event-bus\//.test(arn) && !event) return "EventBridgeParameters is required for an event bus target.";
  if (universal.test(arn) && !isJsonObject(input ?? "{}"))
    return "Invalid RequestJson provided. Input must be a JSON object.";
  return undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text.replace(/<aws\.scheduler\.attempt-number>/g, "1"));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false; // The question was whether it parses.
  }
}

export const servicePrincipal = "scheduler.amazonaws.com";

export async function invoke(invocation: Invocation, ports: InvocationPorts): Promise<void> {
  const { target, groupArn, scheduleName } = invocation;
  const { Arn: arn = "", RoleArn: roleArn = "" } = target;
  const sender = senders.find((one) => one.arn.test(arn));
  if (!sender) throw new Error(targetFault(target));
  // Trust policies are written for the group, the schedule itself being unknown when the role is made.
  ports.authorizer.assertAssumable(roleArn, servicePrincipal, groupArn);
  const caller: Caller = { kind: "role", roleArn, session: scheduleName.slice(0, 64) };
  await sender.send({
    ...ports,
    target,
    arn,
    input: fillIn(target.Input, invocation),
    name: executionName(invocation),
    caller,
  });
}

/** The context attributes that an input may mention. */
function fillIn(input: string | undefined, invocation: Invocation): string | undefined {
  const values: Readonly<Record<string, string>> = {
    "schedule-arn": invocation.scheduleArn,
    "scheduled-time": new Date(invocation.scheduledAt).toISOString().replace(/\.\d+Z$/, "Z"),
    "execution-id": digestOf(invocation).slice(0, 16),
    "attempt-number": String(invocation.attempts + 1),
  };
  return input?.replace(/<aws\.scheduler\.([a-z-]+)>/g, (found, name: string) => values[name] ?? found);
}
