/**
 * `outrank schedule`: looks at what starts a group's runs and changes it in the cloud, at once. The configuration is left
 * alone, so that the next deployment sets back what it changes; whoever wants to keep a change writes it there.
 */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { Schedule } from "../../../pipeline/config/schedule.ts";
import { type Arguments, type Command, CommandFailure, type Io, type Option, UsageError } from "../command.ts";
import { dueTimes, expressionFault, onClock } from "../config/due-times.ts";
import { connect, type Connection, endpointOption, groupNamed } from "../connection.ts";
import {
  changeSchedule,
  type GroupSchedule,
  kindsOfStart,
  schedulesFor,
  type Services,
  switchRule,
  uploadsRules,
} from "../schedule/triggers.ts";

const group = { name: "GROUP", help: "the dataset group's name, as outrank.json has it" };
const setBack = "The next deployment that touches it sets it back to what outrank.json says.";

const of: Option = {
  type: "string",
  value: "KIND",
  help: `which schedule, by what it starts: ${kindsOfStart.join(", ")}`,
};
const uploads: Option = { type: "boolean", help: "the rule that starts runs on uploads, instead of schedules" };

interface Found {
  readonly services: Services;
  readonly stateMachineArn: string;
  readonly schedules: readonly GroupSchedule[];
}

/** Finds the group's triggers, and closes all clients afterwards. */
async function withTriggers(args: Arguments, io: Io, work: (found: Found) => Promise<void>): Promise<0> {
  const connection = await connect(args, io);
  const services = servicesOf(connection);
  try {
    const { stateMachineArn } = groupNamed(connection, args.positionals[0] ?? "");
    await work({ services, stateMachineArn, schedules: await schedulesFor(services, stateMachineArn) });
    return 0;
  } finally {
    services.scheduler.destroy();
    services.events.destroy();
    connection.close();
  }
}

/** Where and as whom the connection's own clients speak. */
function servicesOf({ sfn }: Connection): Services {
  const { region, credentials, maxAttempts, logger, endpoint } = sfn.config;
  const settings = {
    region,
    credentials,
    maxAttempts,
    ...(logger ? { logger } : {}),
    ...(endpoint ? { endpoint } : {}),
  };
  return { scheduler: new SchedulerClient(settings), events: new EventBridgeClient(settings) };
}

/** Nothing of a rate that counts from we do not know where. */
function nextTimes({ expression, timezone, startsAt }: Omit<GroupSchedule, "whole">): number[] {
  if (expression.startsWith("rate(") && startsAt === null) return [];
  return dueTimes({ expression, timezone }, Date.now(), 3, startsAt ?? 0);
}

function scheduleLines(schedule: GroupSchedule): string[] {
  const { name, starts, expression, timezone, enabled } = schedule;
  return [
    `${name}: ${expression} in ${timezone} starts ${starts === "run" ? "a whole run" : `stage ${starts}`}`,
    ...(enabled ? nextTimes(schedule).map((time) => `  next ${onClock(time, timezone)}`) : ["  paused"]),
  ];
}

export const scheduleShow: Command = {
  summary: "show what starts a group's runs, and when next",
  positionals: [group],
  options: { json: { type: "boolean", help: "one JSON object instead of text" }, ...endpointOption },
  run: (args, io) =>
    withTriggers(args, io, async ({ services, stateMachineArn, schedules }) => {
      const rules = await uploadsRules(services, stateMachineArn);
      if (args.flag("json")) {
        const told = schedules.map(({ whole: _, startsAt, ...schedule }) => ({
          ...schedule,
          next: schedule.enabled
            ? nextTimes({ ...schedule, startsAt }).map((time) => new Date(time).toISOString())
            : [],
        }));
        return io.out(JSON.stringify({ schedules: told, uploads: rules }));
      }
      if (schedules.length === 0) io.out("no schedule");
      schedules.flatMap(scheduleLines).forEach((line) => io.out(line));
      for (const { name, enabled } of rules) io.out(`${name}: uploads start runs${enabled ? "" : "\n  paused"}`);
    }),
};

const switching = (enabled: boolean): Command => ({
  summary: `${enabled ? "let a group's paused schedules start runs again" : "stop a group's schedules from starting runs"}, without deploying`,
  positionals: [{ ...group, help: `${group.help}. ${setBack}` }],
  options: { of: { ...of, help: `${of.help} (default: all)` }, uploads, ...endpointOption },
  run: (args, io) =>
    withTriggers(args, io, async (found) => {
      const done = args.flag("uploads") ? await switchUploads(found, enabled) : await switchAll(found, args, enabled);
      done.forEach((name) => io.out(`${name} ${enabled ? "starts runs again" : "is paused"}`));
      io.err(enabled ? "Times that passed meanwhile are not made up for." : setBack);
    }),
});

export const schedulePause: Command = switching(false);
export const scheduleResume: Command = switching(true);

async function switchUploads({ services, stateMachineArn }: Found, enabled: boolean): Promise<string[]> {
  const rules = await uploadsRules(services, stateMachineArn);
  if (rules.length === 0) throw new CommandFailure("No rule starts this group's runs. Deploy the stack: it makes one");
  for (const rule of rules) await switchRule(services, rule, enabled);
  return rules.map(({ name }) => name);
}

async function switchAll(found: Found, args: Arguments, enabled: boolean): Promise<string[]> {
  const chosen = chosenSchedules(found.schedules, args.text("of"));
  for (const schedule of chosen) {
    await changeSchedule(found.services, schedule, { State: enabled ? "ENABLED" : "DISABLED" });
  }
  return chosen.map(({ name }) => name);
}

function chosenSchedules(schedules: readonly GroupSchedule[], kind: string | undefined): readonly GroupSchedule[] {
  const known: readonly string[] = kindsOfStart;
  if (kind !== undefined && !known.includes(kind)) {
    throw new UsageError(`--of knows no "${kind}". It knows: ${known.join(", ")}`);
  }
  const chosen = schedules.filter(({ starts }) => kind === undefined || starts === kind);
  if (chosen.length > 0) return chosen;
  const there = schedules.map(({ starts }) => starts).join(", ") || "none";
  const which = kind === undefined ? "" : ` of kind ${kind}`;
  throw new CommandFailure(
    `The group has no schedule${which}; there is: ${there}. Give it a schedule in outrank.json and deploy`,
  );
}

export const scheduleSet: Command = {
  summary: "let a group's schedule be due at other times, without deploying",
  positionals: [
    { ...group, help: `${group.help}. ${setBack}` },
    { name: "EXPRESSION", help: "cron(six fields) or rate(N minutes|hours|days), in quotes" },
  ],
  options: {
    timezone: { type: "string", value: "ZONE", help: "IANA name (default: the one that it has)" },
    of: { ...of, default: "run" },
    ...endpointOption,
  },
  async run(args, io) {
    const [, expression = ""] = args.positionals;
    assertSchedule(expression, args.text("timezone") ?? "UTC");
    return withTriggers(args, io, async ({ services, schedules }) => {
      for (const schedule of chosenSchedules(schedules, args.text("of"))) {
        const timezone = args.text("timezone") ?? schedule.timezone;
        const change = { ScheduleExpression: expression, ScheduleExpressionTimezone: timezone };
        await changeSchedule(services, schedule, change);
        scheduleLines({ ...schedule, expression, timezone }).forEach((line) => io.out(line));
      }
      if (expression.startsWith("rate(")) io.err("A rate counts from now on, and its first run is due at once.");
      io.err(setBack);
    });
  },
};

/** As strictly as in outrank.json, before anything is asked of the cloud. */
function assertSchedule(expression: string, timezone: string): void {
  const parsed = Schedule.safeParse({ expression, timezone });
  const fault = parsed.success ? expressionFault({ expression, timezone }) : parsed.error.issues[0]?.message;
  if (fault !== undefined)
    throw new UsageError(`${fault}. For example: "cron(0 3 ? * MON *)" --timezone Europe/Berlin`);
}
