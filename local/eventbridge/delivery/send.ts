/** One attempt to hand an event to a target: a row per kind of target, chosen by the service in its ARN. */
import type { Target } from "@aws-sdk/client-eventbridge";
import type { AwsCalls, Authorizer, Caller } from "../../cloud/ports/service.ts";
import type { EventEnvelope } from "../event-envelope.ts";
import { executionName } from "./execution-name.ts";
import { targetInput, type DeliveredRule } from "./target-input.ts";

export interface Delivery {
  readonly event: EventEnvelope;
  readonly rule: DeliveredRule;
  readonly target: Target;
  readonly acceptedAt: number;
  /** No attempt is made after this instant. */
  readonly expiresAt: number;
  readonly attempts: number;
  readonly dueAt: number;
}

export interface SendPorts {
  readonly calls: AwsCalls;
  readonly authorizer: Authorizer;
}

interface Outgoing extends SendPorts {
  readonly delivery: Delivery;
  readonly arn: string;
  readonly input: string;
  readonly caller: Caller;
}

type Sender = (outgoing: Outgoing) => Promise<unknown>;

const startExecution: Sender = async ({ calls, delivery, arn, input, caller }) => {
  const name = executionName(delivery.event.id, delivery.rule.arn, delivery.target.Id ?? "");
  try {
    await calls.call("states", "StartExecution", { stateMachineArn: arn, name, input }, caller);
  } catch (error) {
    // An earlier delivery of this very event got through; that is what we wanted.
    if ((error as Error).name !== "ExecutionAlreadyExists") throw error;
  }
};

const invokeFunction: Sender = ({ calls, arn, input, caller }) =>
  calls.call("lambda", "Invoke", { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(input) }, caller);

const publish: Sender = ({ calls, arn, input, caller }) =>
  calls.call("sns", "Publish", { TopicArn: arn, Message: input }, caller);

const putLogEvent: Sender = async ({ calls, delivery, arn, input, caller }) => {
  const logGroupName = arn.split(":")[6] ?? "";
  const logStreamName = delivery.event.id;
  try {
    await calls.call("logs", "CreateLogStream", { logGroupName, logStreamName }, caller);
  } catch (error) {
    if ((error as Error).name !== "ResourceAlreadyExistsException") throw error;
  }
  const logEvents = [{ timestamp: delivery.acceptedAt, message: input }];
  await calls.call("logs", "PutLogEvents", { logGroupName, logStreamName, logEvents }, caller);
};

/** Events cross to another bus once: what arrives there from a rule is not passed on again, as in AWS. */
const putEvent: Sender = async ({ calls, delivery: { event }, arn, caller }) => {
  const entry = {
    EventBusName: arn,
    Source: event.source,
    DetailType: event["detail-type"],
    Detail: JSON.stringify(event.detail),
    Resources: [...event.resources],
    Time: new Date(event.time),
  };
  await calls.call("events", "PutEvents", { Entries: [entry] }, caller);
};

/** By the service and the kind of resource in the target's ARN. */
const senders: readonly { readonly arn: RegExp; readonly needsRole: boolean; readonly send: Sender }[] = [
  { arn: /^arn:aws:states:[^:]*:\d{12}:stateMachine:./, needsRole: true, send: startExecution },
  { arn: /^arn:aws:lambda:[^:]*:\d{12}:function:./, needsRole: false, send: invokeFunction },
  { arn: /^arn:aws:sns:[^:]*:\d{12}:./, needsRole: false, send: publish },
  { arn: /^arn:aws:logs:[^:]*:\d{12}:log-group:./, needsRole: false, send: putLogEvent },
  { arn: /^arn:aws:events:[^:]*:\d{12}:event-bus\/./, needsRole: true, send: putEvent },
];

/** Why a target cannot be one, or undefined. */
export function targetFault({ Id: id, Arn: arn = "", RoleArn: role }: Target): string | undefined {
  const sender = senders.find((one) => one.arn.test(arn));
  if (!sender) {
    return `Target ${id}: ${arn} is not supported; targets may be a state machine, function, topic, log group or event bus.`;
  }
  if (sender.needsRole && role === undefined) return `RoleArn is required for target ${arn}.`;
  return undefined;
}

/** With a role the target is called as that role, otherwise as the service itself, judged by the target's own policy. */
export async function send(delivery: Delivery, ports: SendPorts): Promise<void> {
  const { target, rule, event } = delivery;
  const arn = target.Arn ?? "";
  const sender = senders.find((one) => one.arn.test(arn));
  if (!sender) throw new Error(targetFault(target));
  const input = targetInput(target, event, rule, delivery.acceptedAt);
  await sender.send({ ...ports, delivery, arn, input, caller: callerFor(target.RoleArn, rule, ports) });
}

function callerFor(roleArn: string | undefined, rule: DeliveredRule, { authorizer }: SendPorts): Caller {
  const principal = "events.amazonaws.com";
  if (roleArn === undefined) return { kind: "service", principal, sourceArn: rule.arn };
  authorizer.assertAssumable(roleArn, principal, rule.arn);
  return { kind: "role", roleArn, session: `events-${rule.name}`.slice(0, 64) };
}
