/**
 * Starts the cleanup machine of a group and follows it to its end, by Step Functions and by the record that it keeps in
 * the bucket: nothing that AWS itself would not offer.
 */
import { createHash } from "node:crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { CleanupInput } from "../../../pipeline/cleanup/cleanup.ts";
import { CleanupOutput, CleanupRecord } from "../../../pipeline/cleanup/report.ts";
import { cleanupKey } from "../../../pipeline/naming/bucket-layout.ts";
import { cleanupMachine, runIdOf } from "../../../pipeline/naming/names.ts";
import { CommandFailure } from "../command.ts";
import type { Connection } from "../connection.ts";
import type { DeployedGroup } from "../deployment.ts";
import { pause } from "../pause.ts";

const lookEveryMilliseconds = 500;

export interface Following extends Pick<Connection, "s3" | "sfn" | "deployed"> {
  readonly group: DeployedGroup;
  readonly signal: AbortSignal;
  /** Told of each step that the cleanup has made. */
  onStep(record: CleanupRecord): void;
}

/** @throws CommandFailure with the execution's own error and reason */
export async function runCleanup(following: Following, input: CleanupInput): Promise<CleanupOutput> {
  const { sfn, group } = following;
  const stateMachineArn = cleanupMachine(group.stateMachineArn);
  const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  return followCleanup(following, started.executionArn ?? "");
}

async function followCleanup(following: Following, executionArn: string): Promise<CleanupOutput> {
  let told = "";
  for (;;) {
    const { status, output, error, cause, startDate } = await following.sfn.send(
      new DescribeExecutionCommand({ executionArn }),
    );
    // After the status, so that the last step is told as well.
    const record = await recordOf(following, runIdOf(executionArn, (startDate ?? new Date()).toISOString(), sha256));
    if (record !== null && record.at !== told) following.onStep(record);
    told = record?.at ?? told;
    if (status === "SUCCEEDED") return CleanupOutput.parse(JSON.parse(output ?? "null"));
    if (status !== "RUNNING") throw new CommandFailure([error ?? status, cause].filter(Boolean).join(": "));
    await pause(lookEveryMilliseconds, following.signal);
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Null before the first step. */
async function recordOf({ s3, deployed, group }: Following, id: string): Promise<CleanupRecord | null> {
  try {
    const object = { Bucket: deployed.bucket, Key: cleanupKey(group.name, id) };
    const { Body } = await s3.send(new GetObjectCommand(object));
    return CleanupRecord.parse(JSON.parse((await Body?.transformToString()) ?? "null"));
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchKey") return null;
    throw error;
  }
}
