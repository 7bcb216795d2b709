/** Takes the group's lease, or leaves a note (rule L3 of pipeline/planning/lease.ts) and tries once more. */
import * as z from "zod";
import { newestKey, noteKey, triggerKey } from "../../pipeline/naming/bucket-layout.ts";
import type { Digest } from "../../pipeline/naming/names.ts";
import type { Note } from "../../pipeline/planning/lease.ts";
import { Run } from "../../pipeline/planning/run.ts";
import { isEarlier } from "../../pipeline/planning/trigger.ts";
import type { Bucket } from "../lib/bucket.ts";
import { type LeaseDeps, tryToTake } from "../lib/lease.ts";

const Input = z.object({ run: Run, now: z.string() });

export interface TakeTheLeaseDeps extends LeaseDeps {
  readonly bucket: Pick<Bucket, "read" | "write" | "create" | "replace">;
  readonly digest: Digest;
}

export interface Answer {
  readonly outcome: "HELD" | "COALESCED" | "DUPLICATE" | "IGNORED";
  readonly reason: string;
}

/** The same event delivered twice finds what the first delivery left (R4). */
async function isRepeat({ bucket }: TakeTheLeaseDeps, run: Run, now: string): Promise<boolean> {
  if (run.trigger.id === null) return false;
  const key = triggerKey(run.group, run.trigger.id);
  const claim = { executionArn: run.executionArn, claimedAt: now };
  if (await bucket.create(key, claim)) return false;
  const earlier = z.object({ executionArn: z.string() }).safeParse((await bucket.read(key))?.value);
  return earlier.success && earlier.data.executionArn !== run.executionArn;
}

const Newest = z.object({ objectKey: z.string(), sequencer: z.string() });

/** Events come in any order: what was written before something that was taken up already is no news. */
async function isOvertaken({ bucket, digest }: TakeTheLeaseDeps, run: Run): Promise<boolean> {
  const { objectKey, sequencer = null } = run.trigger;
  if (objectKey === null || sequencer === null) return false;
  const key = newestKey(run.group, digest(objectKey).slice(0, 32));
  const newest = { objectKey, sequencer };
  for (;;) {
    if (await bucket.create(key, newest)) return false;
    const found = await bucket.read(key);
    if (found === null) continue; // it has just been deleted
    const known = Newest.safeParse(found.value);
    if (known.success && isEarlier(sequencer, known.data.sequencer)) return true;
    if (known.success && !isEarlier(known.data.sequencer, sequencer)) return false; // this very event
    if (await bucket.replace(key, newest, found.etag)) return false;
  }
}

const hasOptions = ({ options }: Run): boolean => options.dryRun || options.force !== null || options.recall !== null;

export const makeHandler =
  (deps: TakeTheLeaseDeps) =>
  async (event: unknown): Promise<Answer> => {
    const { run, now } = Input.parse(event);
    if (!run.isRelevant) return { outcome: "IGNORED", reason: `${run.trigger.objectKey} is not in an upload folder` };
    if (await isRepeat(deps, run, now)) return { outcome: "DUPLICATE", reason: "this event has started a run before" };
    if (await isOvertaken(deps, run)) {
      return { outcome: "IGNORED", reason: `a later upload of ${run.trigger.objectKey} has been taken up before` };
    }
    if (await tryToTake(deps, run, now)) return { outcome: "HELD", reason: "the lease is ours" };
    const note: Note = { executionArn: run.executionArn, trigger: run.trigger, writtenAt: now };
    await deps.bucket.write(noteKey(run.group, run.executionName), note);
    if (await tryToTake(deps, run, now)) return { outcome: "HELD", reason: "the lease is ours, at the second try" };
    const reason = hasOptions(run)
      ? "another run is in progress, and it does not know of what this one was asked for: start again when it has ended"
      : "another run is in progress; if it has not read this upload, it starts one more run at its end";
    return { outcome: "COALESCED", reason };
  };
