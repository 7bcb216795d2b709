/**
 * One run per dataset group (R3), by one object in the bucket and S3's conditional writes; no further service.
 *
 *   L1  Whoever creates `lease.json` (If-None-Match: *) holds the lease until it deletes the object.
 *   L2  It is stolen (If-Match on the ETag that was read) only when its owner no longer runs or it has expired; it
 *       expires after the longest time a run can take.
 *   L3  Who does not get it leaves a note, then tries once more, then ends. The second try closes the gap in which the
 *       holder released after our first try and looked for notes before ours was written.
 *   L4  The holder lists the notes, then the uploads (so each noted upload is in what it pins), works, deletes the
 *       lease, and only then lists the notes again. A note of an upload that is not in its pinned inputs starts one
 *       rerun; all others are deleted. A note is never deleted by a run that did not read what it names.
 */
import * as z from "zod";
import { Input } from "./inputs.ts";
import { Trigger } from "./trigger.ts";

export const Lease = z.object({
  owner: z.string().describe("execution ARN"),
  runId: z.string(),
  takenAt: z.string(),
  expiresAt: z.string(),
});
export type Lease = z.infer<typeof Lease>;

export const Note = z.object({ executionArn: z.string(), trigger: Trigger, writtenAt: z.string() });
export type Note = z.infer<typeof Note>;

/** What a run has read: written before it works, so that its release knows, however the run ends. */
export const Pins = z.object({ inputs: z.array(Input), notes: z.array(z.string()) });
export type Pins = z.infer<typeof Pins>;

/** @param ownerStatus of the owner's execution as DescribeExecution gives it; null when it does not exist. */
export function judgeLease(
  lease: Lease,
  me: string,
  now: string,
  ownerStatus: string | null,
): "ours" | "stealable" | "held" {
  if (lease.owner === me) return "ours";
  if (ownerStatus !== "RUNNING" && ownerStatus !== "PENDING_REDRIVE") return "stealable";
  return !(Date.parse(lease.expiresAt) > Date.parse(now)) ? "stealable" : "held";
}

/** Is what this note announces in the data that the run has read? */
export function isCovered(note: Note, inputs: readonly Input[]): boolean {
  const { type, objectKey, objectVersion, objectEtag } = note.trigger;
  if (type !== "upload") return true; // a schedule, a rerun or a person wanted a run, and there was one
  const file = inputs.flatMap((input) => input.files).find((candidate) => candidate.key === objectKey);
  return file !== undefined && (file.versionId === objectVersion || file.etag === objectEtag);
}
