/** How long ended executions are kept: 90 days for their records, 14 for a redrive. */
import type { Execution } from "../interpreter/execution.ts";
import { removeExecution } from "../runner/tables.ts";
import type { OperationDeps } from "./deps.ts";

const day = 86_400_000;
const keptFor = 90 * day;
export const redrivableFor = 14 * day;

const endedBefore = ({ status, stopDate }: Execution, instant: number) =>
  status !== "RUNNING" && (stopDate ?? 0) < instant;

/** Executions are stored in the order they started, so that looking at the oldest is enough. */
export function forgetExpired({ tables, clock }: Pick<OperationDeps, "tables" | "clock">): void {
  const limit = clock.now() - keptFor;
  const expired: string[] = [];
  for (const execution of tables.executions.values()) {
    if (!endedBefore(execution, limit)) break;
    expired.push(execution.arn);
  }
  for (const arn of expired) removeExecution(tables, arn);
}
