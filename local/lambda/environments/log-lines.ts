/** Lambda's log lines: what a function prints, and the platform's START, END and REPORT around it. Pure. */
import type { LogLevel } from "./protocol.ts";

export interface Printed {
  readonly at: number;
  readonly requestId: string | undefined;
  readonly level: LogLevel | undefined;
  readonly text: string;
}

const iso = (at: number) => new Date(at).toISOString();

export function printedLine({ at, requestId, level, text }: Printed, format: "Text" | "JSON"): string {
  const message = text.replace(/\n$/, "");
  if (format === "JSON") return JSON.stringify({ timestamp: iso(at), level: level ?? "INFO", requestId, message });
  return level === undefined ? message : `${iso(at)}\t${requestId ?? "undefined"}\t${level}\t${message}`;
}

export interface Report {
  readonly requestId: string;
  readonly version: string;
  readonly durationMilliseconds: number;
  readonly initMilliseconds: number | undefined;
  readonly memoryMb: number;
  readonly usedMb: number;
  /** Why the environment ended, when it did. */
  readonly trouble: string | undefined;
}

export const startLine = ({ requestId, version }: Pick<Report, "requestId" | "version">): string =>
  `START RequestId: ${requestId} Version: ${version}`;

export function endLines(report: Report): string[] {
  const { requestId, durationMilliseconds: duration, initMilliseconds: init, memoryMb, usedMb, trouble } = report;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration + (init ?? 0))} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${usedMb} MB`,
    ...(init === undefined ? [] : [`Init Duration: ${init.toFixed(2)} ms`]),
    ...(trouble === undefined ? [] : [trouble]),
  ];
  return [`END RequestId: ${requestId}`, `${fields.join("\t")}\t`];
}
