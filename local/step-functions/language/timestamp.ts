/** ISO-8601 extended offset date-times as Step Functions takes them: zone required, fractions of any length. */
const pattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})$/;

/** Epoch milliseconds, or undefined when the text is no such date-time. */
export function parseTimestamp(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, local = "", fraction = "", zone = ""] = match;
  const milliseconds = fraction === "" ? "" : `.${fraction.slice(0, 3).padEnd(3, "0")}`;
  const epoch = Date.parse(`${local}${milliseconds}${zone}`);
  return Number.isNaN(epoch) ? undefined : epoch;
}
