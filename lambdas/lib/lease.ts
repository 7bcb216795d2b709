/** Taking and giving back a group's lease by conditional writes (rules L1 and L2 of pipeline/planning/lease.ts). */
import { DescribeExecutionCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { leaseKey } from "../../pipeline/naming/bucket-layout.ts";
import { judgeLease, Lease } from "../../pipeline/planning/lease.ts";
import type { Bucket } from "./bucket.ts";

/** Who wants the lease: a run or a cleanup. */
export interface Holder {
  readonly group: string;
  readonly id: string;
  readonly executionArn: string;
  readonly leaseSeconds: number;
}

export interface LeaseDeps {
  readonly bucket: Pick<Bucket, "read" | "create" | "replace">;
  /** Status of an execution, null when there is no such execution. */
  readonly statusOf: (executionArn: string) => Promise<string | null>;
}

/** One try. When the lease vanishes under our eyes, the answer is no. */
export async function tryToTake({ bucket, statusOf }: LeaseDeps, holder: Holder, now: string): Promise<boolean> {
  const key = leaseKey(holder.group);
  const expiresAt = new Date(Date.parse(now) + holder.leaseSeconds * 1000).toISOString();
  const lease: Lease = { owner: holder.executionArn, runId: holder.id, takenAt: now, expiresAt };
  if (await bucket.create(key, lease)) return true;
  const found = await bucket.read(key);
  if (found === null) return false;
  const theirs = Lease.parse(found.value);
  const verdict = judgeLease(theirs, holder.executionArn, now, await statusOf(theirs.owner));
  return verdict === "ours" || (verdict === "stealable" && (await bucket.replace(key, lease, found.etag)));
}

export const makeStatusOf =
  (states: SFNClient): LeaseDeps["statusOf"] =>
  async (executionArn) => {
    try {
      return (await states.send(new DescribeExecutionCommand({ executionArn }))).status ?? null;
    } catch (error) {
      if (error instanceof Error && error.name === "ExecutionDoesNotExist") return null;
      throw error;
    }
  };
