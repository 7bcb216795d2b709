/** The report of an import in S3: the service's columns, the newest window first. Pure. */
import type { Amount } from "./amounts.ts";

const header = "METRIC_NAME,EVENT_TYPE,VALUE,MATH_FUNCTION,EVENT_ATTRIBUTION_SOURCE,TIMESTAMP";

/** @param seconds epoch seconds of the job's creation: a job that runs twice after a crash writes one file. */
export const reportName = (importMode: string, seconds: number) =>
  `AggregatedAttributionMetrics - ${importMode} - ${seconds}.csv`;

/** Whole numbers keep their `.0`, as in the service's files. */
const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function reportOf(amounts: readonly Amount[]): string {
  const order = (a: Amount, b: Amount) =>
    b.window - a.window || compare(a.metric, b.metric) || compare(a.source, b.source);
  const lines = [...amounts]
    .sort(order)
    .map(({ metric, eventType, sum, function: math, source, window }) =>
      [quoted(metric), quoted(eventType), decimal(sum), math, quoted(source), window].join(","),
    );
  return `${[header, ...lines].join("\n")}\n`;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
