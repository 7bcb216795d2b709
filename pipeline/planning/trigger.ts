/**
 * Why a run started. An upload, the schedule, a rerun and a person all enter through the same first state; this reads
 * whatever its input is. Anything else is refused with what would have been right.
 */
import * as z from "zod";
import { datasetTypes } from "../config/avro-schema.ts";
import { ObjectCreated } from "../events/object-created.ts";
import { RerunWanted } from "../events/rerun-wanted.ts";
import { RetrainingDue } from "../events/retraining-due.ts";
import { Override } from "../gate/evidence.ts";
import { uploadPrefix } from "../naming/bucket-layout.ts";
import type { Digest } from "../naming/names.ts";

/** What a person may pass; `{}` is a complete input. */
export const ManualInput = z.strictObject({
  trigger: z.literal("manual").optional(),
  actor: z.string().min(1).optional().describe("who asks, for the record"),
  dryRun: z.boolean().default(false).describe("goes all the way to the decision and leaves the campaign alone"),
  force: Override.optional().describe("promote although rules fail; recorded as FORCED"),
});
export type ManualInput = z.input<typeof ManualInput>;

export const Trigger = z.object({
  type: z.enum(["upload", "schedule", "rerun", "manual"]),
  /** Equal for two deliveries of one event; null where every start is meant (a person's). */
  id: z.string().nullable(),
  objectKey: z.string().nullable(),
  /** Version id, else sequencer, else ETag. */
  objectVersion: z.string().nullable(),
  /** Without quotes, as events have it. */
  objectEtag: z.string().nullable(),
  actor: z.string().nullable(),
});
export type Trigger = z.infer<typeof Trigger>;

export const RunOptions = z.object({ dryRun: z.boolean(), force: Override.nullable() });
export type RunOptions = z.infer<typeof RunOptions>;

/** The execution's input is none of the forms above. */
export class InputRefused extends Error {
  override readonly name = "InputRefused";
}

const plain: RunOptions = { dryRun: false, force: null };
const nothing = { objectKey: null, objectVersion: null, objectEtag: null, actor: null };

/** Only files directly in an upload folder are read by Personalize, so only they are news. */
export function isUpload(group: string, key: string): boolean {
  const prefix = datasetTypes.map((type) => uploadPrefix(group, type)).find((candidate) => key.startsWith(candidate));
  return prefix !== undefined && key.length > prefix.length && !key.slice(prefix.length).includes("/");
}

function uploadTrigger(event: z.infer<typeof ObjectCreated>, digest: Digest): Trigger {
  const { bucket, object } = event.detail;
  const version = object["version-id"] ?? object.sequencer ?? object.etag ?? "";
  return {
    type: "upload",
    id: digest(JSON.stringify([bucket.name, object.key, version])).slice(0, 32),
    objectKey: object.key,
    objectVersion: version,
    objectEtag: object.etag ?? null,
    actor: null,
  };
}

/** The scheduler fills in the time; where it left its placeholder, two starts cannot be told apart and both count. */
function scheduleTrigger(scheduledTime: string | undefined, digest: Digest): Trigger {
  const known = scheduledTime !== undefined && !Number.isNaN(Date.parse(scheduledTime));
  return { type: "schedule", id: known ? digest(`schedule ${scheduledTime}`).slice(0, 32) : null, ...nothing };
}

export function readTrigger(
  input: unknown,
  digest: Digest,
): { readonly trigger: Trigger; readonly options: RunOptions } {
  const event = ObjectCreated.safeParse(input);
  if (event.success) return { trigger: uploadTrigger(event.data, digest), options: plain };
  const scheduled = RetrainingDue.safeParse(input);
  if (scheduled.success) return { trigger: scheduleTrigger(scheduled.data.scheduledTime, digest), options: plain };
  const rerun = RerunWanted.safeParse(input);
  if (rerun.success) return { trigger: { type: "rerun", id: null, ...nothing, actor: rerun.data.of }, options: plain };
  const manual = ManualInput.safeParse(input);
  if (!manual.success) {
    const faults = manual.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`);
    throw new InputRefused(
      `The input is neither an S3 "Object Created" event nor a manual start. A manual start is {} or, for example, ` +
        `{"dryRun": true} or {"force": {"reason": "...", "actor": "..."}}. ${faults.join("; ")}`,
    );
  }
  const { actor, dryRun, force } = manual.data;
  return {
    trigger: { type: "manual", id: null, ...nothing, actor: actor ?? force?.actor ?? null },
    options: { dryRun, force: force ?? null },
  };
}
