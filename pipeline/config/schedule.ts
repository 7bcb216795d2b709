/** When a group is retrained without anybody asking: EventBridge Scheduler's expression and the zone its clock is in. */
import * as z from "zod";

/** The form only; EventBridge Scheduler has the last word on the values. Six fields, one of the day fields being `?`. */
const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/;
const rate = /^rate\((?:1 (?:minute|hour|day)|(?:[2-9]|[1-9]\d+) (?:minutes|hours|days))\)$/;
const cronFields = [
  /^[\d*,/-]+$/,
  /^[\d*,/-]+$/,
  /^[\d*,/?LW-]+$/,
  /^[\dA-Z*,/-]+$/,
  /^[\dA-Z*,/?L#-]+$/,
  /^[\d*,/-]+$/,
];

/** Why `expression` is no schedule, or undefined when it is one. */
export function scheduleFault(expression: string): string | undefined {
  if (rate.test(expression)) return undefined;
  const fields = cron.exec(expression)?.slice(1);
  if (!fields) return `"${expression}" is neither cron(six fields) nor rate(N minutes|hours|days)`;
  const wrong = fields.findIndex((field, position) => !cronFields[position]?.test(field));
  if (wrong >= 0) return `field ${wrong + 1} of "${expression}" ("${fields[wrong]}") is not a cron field`;
  if ((fields[2] === "?") === (fields[4] === "?")) {
    return `"${expression}" must have "?" in exactly one of day-of-month and day-of-week`;
  }
  return undefined;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false; // RangeError is how Intl says that it does not know the zone
  }
}

export const Schedule = z.strictObject({
  expression: z
    .string()
    .superRefine((expression, context) => {
      const fault = scheduleFault(expression);
      if (fault) context.addIssue({ code: "custom", message: fault });
    })
    .describe("cron(six fields) or rate(N minutes, hours or days), as EventBridge Scheduler has them"),
  timezone: z
    .string()
    .refine(isTimezone, "not an IANA time zone such as Europe/Berlin")
    .default("UTC")
    .describe("IANA name; the expression is read on its clock"),
  whenUnchanged: z
    .enum(["skip", "retrain"])
    .default("skip")
    .describe(
      "what a scheduled run does when no file changed since the last judged run; retrain if events are streamed",
    ),
});
export type Schedule = z.infer<typeof Schedule>;
