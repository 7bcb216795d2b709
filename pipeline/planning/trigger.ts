/**
 * Why a run started. An upload, the schedule, a rerun and a person all enter through the same first state; this reads
 * whatever its input is. Anything else is refused with what would have been right.
 */
import * as z from "zod";
import { datasetTypes } from "../config/avro-schema.ts";
import { ObjectCreated } from "../events/object-created.ts";
import { RerunWanted } from "../events/rerun-wanted.ts";
import { RetrainingDue } from "../events/retraining-due.ts";
import { uploadPrefix } from "../naming/bucket-layout.ts";
import type { Digest } from "../naming/names.ts";
import { ManualInput, optionsOf, plainOptions, type RunOptions } from "./run-options.ts";

export const Trigger = z.object({
  type: z.enum(["upload", "schedule", "rerun", "manual"]),
  /** Equal for two deliveries of one event; null where every start is meant (a person's). */
  id: z.string().nullable(),
  objectKey: z.string().nullable(),
  /** Version id, else sequencer, else ETag. */
  objectVersion: z.string().nullable(),
  /** S3's own order of the events of one key: hexadecimal; absent in what older versions wrote. */
  sequencer: z.string().nullish(),
  /** Without quotes, as events have it. */
  objectEtag: z.string().nullable(),
  actor: z.string().nullable(),
});
export type Trigger = z.infer<typeof Trigger>;

/** The execution's input is none of the forms above. */
export class InputRefused extends Error {
  override readonly name = "InputRefused";
}

const nothing = { objectKey: null, objectVersion: null, sequencer: null, objectEtag: null, actor: null };

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
    sequencer: object.sequencer ?? null,
    objectEtag: object.etag ?? null,
    actor: null,
  };
}

/**
 * Did S3 make event `a` before event `b` of the same key? The shorter one is filled up with zeros on its right (Amazon S3
 * user guide, "Event message structure").
 */
export function isEarlier(a: string, b: string): boolean {
  const length = Math.max(a.length, b.length);
  return a.toUpperCase().padEnd(length, "0") < b.toUpperCase().padEnd(length, "0");
}

/** The scheduler fills in the time; where it left its placeholder, two starts cannot be told apart and both count. */
function scheduleTrigger({ scheduledTime, stages = [] }: RetrainingDue, digest: Digest): Trigger {
  const known = scheduledTime !== undefined && !Number.isNaN(Date.parse(scheduledTime));
  return {
    type: "schedule",
    id: known ? digest(["schedule", scheduledTime, ...stages].join(" ")).slice(0, 32) : null,
    ...nothing,
  };
}

export function readTrigger(
  input: unknown,
  digest: Digest,
): { readonly trigger: Trigger; readonly options: RunOptions } {
  const event = ObjectCreated.safeParse(input);
  if (event.success) return { trigger: uploadTrigger(event.data, digest), options: plainOptions };
  const scheduled = RetrainingDue.safeParse(input);
  if (scheduled.success) {
    const { stages } = scheduled.data;
    const options = stages === undefined ? plainOptions : { ...plainOptions, stages };
    return { trigger: scheduleTrigger(scheduled.data, digest), options };
  }
  const rerun = RerunWanted.safeParse(input);
  if (rerun.success)
    return { trigger: { type: "rerun", id: null, ...nothing, actor: rerun.data.of }, options: plainOptions };
  const manual = ManualInput.safeParse(input);
  if (!manual.success) {
    const faults = manual.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`);
    throw new InputRefused(
      `The input is neither an S3 "Object Created" event nor a manual start. A manual start is {} or, for example, ` +
        `{"dryRun": true} or {"force": {"reason": "...", "actor": "..."}}. ${faults.join("; ")}`,
    );
  }
  const options = optionsOf(manual.data);
  const actor = manual.data.actor ?? options.force?.actor ?? null;
  return { trigger: { type: "manual", id: null, ...nothing, actor }, options };
}
