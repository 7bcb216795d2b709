/**
 * History events in CloudWatch Logs, as a machine's LoggingConfiguration asks for. Best effort, like the service's own:
 * after the events are durable, in order per execution, and never in the way of the execution.
 */
import type { AwsCalls, Caller } from "../../cloud/ports/service.ts";
import type { Clock } from "../../cloud/ports/clock.ts";
import { createHash } from "node:crypto";
import type { Execution, StoredEvent } from "../interpreter/execution.ts";
import type { StateMachineRow } from "../machine.ts";
import { isDetails, withoutData } from "./event-data.ts";

type Logging = StateMachineRow["loggingConfiguration"];

export interface LogDelivery {
  /** Returns at once. */
  deliver(execution: Execution, events: readonly StoredEvent[]): void;
}

export interface LogDeliveryDeps {
  readonly clock: Clock;
  readonly calls: AwsCalls;
  readonly log: (line: string) => void;
  readonly loggingOf: (machineArn: string) => Logging | undefined;
}

/** The destination's resource policy is the service's own doing in AWS; here the account writes. */
const caller: Caller = { kind: "account" };

const wanted: Readonly<Record<NonNullable<Logging["level"]>, (type: string) => boolean>> = {
  ALL: () => true,
  ERROR: (type) => /(Failed|TimedOut|Aborted)$/.test(type) || type === "FailStateEntered",
  FATAL: (type) => /^Execution(Failed|TimedOut|Aborted)$/.test(type),
  OFF: () => false,
};

export function createLogDelivery({ clock, calls, log, loggingOf }: LogDeliveryDeps): LogDelivery {
  /** The last write under way, by execution: the next one waits for it. */
  const tails = new Map<string, Promise<void>>();

  async function write(logGroupName: string, execution: Execution, messages: readonly LogMessage[]): Promise<void> {
    const logStreamName = streamOf(execution);
    await calls.call("logs", "CreateLogStream", { logGroupName, logStreamName }, caller).catch((thrown: Error) => {
      if (thrown.name !== "ResourceAlreadyExistsException") throw thrown;
    });
    await calls.call("logs", "PutLogEvents", { logGroupName, logStreamName, logEvents: messages }, caller);
  }

  return {
    deliver(execution, events) {
      const logging = loggingOf(execution.machineArn);
      const group = groupOf(logging);
      const chosen = events.filter(({ type }) => wanted[logging?.level ?? "OFF"](type));
      if (group === undefined || chosen.length === 0) return;
      const messages = chosen.map((event) => messageOf(event, execution, logging?.includeExecutionData === true));
      const done = clock.busy();
      const tail = (tails.get(execution.arn) ?? Promise.resolve())
        .then(() => write(group, execution, messages))
        .catch((thrown: Error) => log(`${execution.arn}: its log could not be written to ${group}: ${thrown.message}`))
        .finally(() => {
          if (tails.get(execution.arn) === tail) tails.delete(execution.arn);
          done();
        });
      tails.set(execution.arn, tail);
    },
  };
}

function groupOf(logging: Logging | undefined): string | undefined {
  const arn = logging?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  return arn === undefined ? undefined : /:log-group:([^:]+)/.exec(arn)?.[1];
}

/** One stream per execution: `states/<machine>/<minute it started>/<hash of its ARN>`. */
function streamOf({ arn, machineName, startDate }: Execution): string {
  const minute = new Date(startDate).toISOString().slice(0, 16).replace(/[T:]/g, "-");
  return `states/${machineName}/${minute}/${createHash("sha256").update(arn).digest("hex").slice(0, 8)}`;
}

interface LogMessage {
  readonly timestamp: number;
  readonly message: string;
}

/** An event as the service logs it: names in snake case, numbers as texts. */
function messageOf(event: StoredEvent, execution: Execution, withData: boolean): LogMessage {
  const found = Object.entries(event).find(([member]) => isDetails(member))?.[1] as object | undefined;
  const details = found && !withData ? withoutData(found) : found;
  const record = {
    id: String(event.id),
    type: event.type,
    details: details ?? {},
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(event.timestamp),
    execution_arn: execution.arn,
    redrive_count: String(execution.redriveCount),
  };
  return { timestamp: event.timestamp, message: JSON.stringify(record) };
}
