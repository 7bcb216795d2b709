/** Waits for the next run's record to appear in the bucket, whoever started the run. */
import { DescribeExecutionCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import type { RunRecord } from "../../../pipeline/records/run-record.ts";
import { CommandFailure } from "../command.ts";
import type { Connection } from "../connection.ts";
import { pause } from "../pause.ts";
import { listRunIds, readRecord } from "../records.ts";

const lookEveryMilliseconds = 250;

/** An execution ended and left no record in the bucket: what Step Functions knows of it. */
export class NoRecord extends CommandFailure {
  readonly executionArn: string | null;
  constructor(message: string, executionArn: string | null) {
    super(message);
    this.executionArn = executionArn;
  }
}

export interface Followed extends Pick<Connection, "s3" | "sfn" | "deployed"> {
  readonly group: string;
  readonly stateMachineArn: string;
}

const finishedIds = ({ s3, deployed, group }: Pick<Followed, "s3" | "deployed" | "group">) =>
  listRunIds(s3, deployed.bucket, group);

/** Ids of the runs that are finished already. */
export const finishedRuns = (followed: Followed) => finishedIds(followed);

/**
 * The record of the first run that is not in `known` and whose execution has ended.
 * @param mustRun fail when nothing runs any more and still no record came; false waits for ever.
 */
export async function nextRun(
  followed: Followed,
  known: readonly string[],
  { signal, mustRun }: { readonly signal: AbortSignal; readonly mustRun: boolean },
): Promise<RunRecord> {
  let idleLooks = 0;
  for (;;) {
    signal.throwIfAborted();
    const ended = await newestEnded(followed, known);
    if (ended) return ended;
    idleLooks = (await isAnythingRunning(followed)) ? 0 : idleLooks + 1;
    if (mustRun && idleLooks > 40) throw await whyNothingCame(followed);
    await pause(lookEveryMilliseconds, signal);
  }
}

async function newestEnded(followed: Followed, known: readonly string[]): Promise<RunRecord | undefined> {
  const { s3, sfn, deployed, group } = followed;
  const fresh = (await finishedRuns(followed)).filter((id) => !known.includes(id)).at(-1);
  if (fresh === undefined) return undefined;
  const record = await readRecord(s3, deployed.bucket, group, fresh);
  const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn: record.executionArn }));
  return status === "RUNNING" ? undefined : record;
}

export async function isAnythingRunning({ sfn, stateMachineArn }: Followed): Promise<boolean> {
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING", maxResults: 1 }),
  );
  return executions.length > 0;
}

async function whyNothingCame({ sfn, stateMachineArn }: Followed): Promise<NoRecord> {
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }));
  const [last] = executions;
  if (!last) return new NoRecord(`No execution of ${stateMachineArn} started; see cloud.log in the state folder`, null);
  const { executionArn = "", name } = last;
  const { status, error = "", cause = "" } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return new NoRecord(
    `The execution ${name} ended as ${status} without a record: ${error} ${cause}`.trim(),
    executionArn,
  );
}

/** The record that an execution left when it ended; throws the execution's own failure when it left none. */
export async function recordOfExecution(
  { s3, sfn, deployed, group }: Followed,
  executionArn: string,
  signal: AbortSignal,
): Promise<RunRecord> {
  for (;;) {
    const { status, startDate, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== "RUNNING" && status !== "PENDING_REDRIVE") {
      for (const runId of await finishedIds({ s3, deployed, group })) {
        const record = await readRecord(s3, deployed.bucket, group, runId);
        if (record.executionArn === executionArn) return record;
        if (record.finishedAt < (startDate ?? new Date(0)).toISOString()) break; // ids are newest first
      }
      const why =
        [error, cause].filter(Boolean).join(": ") || "another run was in progress; try again when it has ended";
      throw new NoRecord(`The execution ended as ${status} without a record: ${why}`, executionArn);
    }
    await pause(lookEveryMilliseconds, signal);
  }
}
