/** Takes the group's lease, or leaves a note (rule L3 of pipeline/planning/lease.ts) and tries once more. */
import * as z from "zod";
import { noteKey, triggerKey } from "../../pipeline/naming/bucket-layout.ts";
import type { Note } from "../../pipeline/planning/lease.ts";
import { Run } from "../../pipeline/planning/run.ts";
import type { Bucket } from "../lib/bucket.ts";
import { type LeaseDeps, tryToTake } from "../lib/lease.ts";

const Input = z.object({ run: Run, now: z.string() });

export interface TakeTheLeaseDeps extends LeaseDeps {
  readonly bucket: Pick<Bucket, "read" | "write" | "create" | "replace">;
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

const hasOptions = ({ options }: Run): boolean => options.dryRun || options.force !== null;

export const makeHandler =
  (deps: TakeTheLeaseDeps) =>
  async (event: unknown): Promise<Answer> => {
    const { run, now } = Input.parse(event);
    if (!run.isRelevant) return { outcome: "IGNORED", reason: `${run.trigger.objectKey} is not in an upload folder` };
    if (await isRepeat(deps, run, now)) return { outcome: "DUPLICATE", reason: "this event has started a run before" };
    if (await tryToTake(deps, run, now)) return { outcome: "HELD", reason: "the lease is ours" };
    const note: Note = { executionArn: run.executionArn, trigger: run.trigger, writtenAt: now };
    await deps.bucket.write(noteKey(run.group, run.executionName), note);
    if (await tryToTake(deps, run, now)) return { outcome: "HELD", reason: "the lease is ours, at the second try" };
    const reason = hasOptions(run)
      ? "another run is in progress, and it does not know of dryRun or force: start again when it has ended"
      : "another run is in progress; if it has not read this upload, it starts one more run at its end";
    return { outcome: "COALESCED", reason };
  };
