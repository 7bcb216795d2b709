/** First state of a cleanup: reads what is asked for, resolves it into a cleanup, and takes the group's lease for it. */
import * as z from "zod";
import { type Cleanup, planCleanup } from "../../pipeline/cleanup/cleanup.ts";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { leaseKey } from "../../pipeline/naming/bucket-layout.ts";
import type { Digest, Place } from "../../pipeline/naming/names.ts";
import { Lease } from "../../pipeline/planning/lease.ts";
import { type LeaseDeps, tryToTake } from "../lib/lease.ts";

const Input = z.object({
  input: z.unknown(),
  execution: z.object({ arn: z.string(), startedAt: z.string() }),
  stateMachineArn: z.string(),
  now: z.string(),
});

export interface BeginTheCleanupDeps extends LeaseDeps {
  readonly project: string;
  readonly group: DatasetGroup;
  readonly digest: Digest;
}

export interface Begun {
  readonly cleanup: Cleanup;
  /** May this cleanup go on? A dry run needs no lease. */
  readonly isClear: boolean;
  /** Has it a lease to give back? */
  readonly holds: boolean;
  /** Who works instead, in words. */
  readonly busyWith: string | null;
}

function placeOf(executionArn: string): Place {
  const [, partition = "", , region = "", account = ""] = executionArn.split(":");
  return { partition, region, account };
}

async function whoHolds({ bucket }: BeginTheCleanupDeps, group: string): Promise<string> {
  const lease = Lease.safeParse((await bucket.read(leaseKey(group)))?.value);
  return lease.success ? `${lease.data.owner}, since ${lease.data.takenAt}` : "a run that has just ended";
}

export const makeHandler =
  (deps: BeginTheCleanupDeps) =>
  async (event: unknown): Promise<Begun> => {
    const { now, ...request } = Input.parse(event);
    const { project, group, digest } = deps;
    const cleanup = planCleanup({ ...request, project, group, place: placeOf(request.execution.arn) }, digest);
    if (cleanup.options.dryRun) return { cleanup, isClear: true, holds: false, busyWith: null };
    if (await tryToTake(deps, cleanup, now)) return { cleanup, isClear: true, holds: true, busyWith: null };
    return { cleanup, isClear: false, holds: false, busyWith: await whoHolds(deps, group.name) };
  };
