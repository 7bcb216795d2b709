/** Gives the lease back, then reads the notes, and starts one rerun if an upload is not in what we read (rule L4). */
import * as z from "zod";
import { leaseKey, notesPrefix, pinsKey } from "../../pipeline/naming/bucket-layout.ts";
import type { Digest } from "../../pipeline/naming/names.ts";
import type { RerunWanted } from "../../pipeline/events/rerun-wanted.ts";
import { isCovered, Lease, Note, Pins } from "../../pipeline/planning/lease.ts";
import { Run } from "../../pipeline/planning/run.ts";
import type { Bucket } from "../lib/bucket.ts";

/** What a holder must tell of itself; a cleanup can, as well as a run. */
const Holder = Run.pick({ id: true, group: true, executionArn: true, stateMachineArn: true, trigger: true });
type Holder = z.infer<typeof Holder>;

/** No run when planning itself failed: then there is no lease either. */
const Input = z.object({ run: Holder.nullable() });

export interface ReleaseTheLeaseDeps {
  readonly bucket: Pick<Bucket, "read" | "remove" | "list">;
  /** Starting an execution that exists already under this name is a success. */
  readonly start: (stateMachineArn: string, name: string, input: RerunWanted) => Promise<void>;
  readonly digest: Digest;
}

export interface Released {
  readonly rerun: string | null;
}

/** False when another run holds the lease: then the notes are that run's to read. */
async function giveBack({ bucket }: ReleaseTheLeaseDeps, run: Holder): Promise<boolean> {
  const found = await bucket.read(leaseKey(run.group));
  if (found === null) return true; // deleted by an earlier try of this very state
  if (Lease.parse(found.value).owner !== run.executionArn) return false;
  await bucket.remove(leaseKey(run.group));
  return true;
}

async function settleNotes({ bucket }: ReleaseTheLeaseDeps, run: Holder, pins: Pins | null): Promise<string[]> {
  const open: string[] = [];
  for (const { key } of await bucket.list(notesPrefix(run.group))) {
    const note = Note.safeParse((await bucket.read(key))?.value);
    const isDone = (pins?.notes.includes(key) ?? false) || !note.success || isCovered(note.data, pins?.inputs ?? []);
    if (isDone) await bucket.remove(key);
    else open.push(key);
  }
  return open.sort();
}

export const makeHandler =
  (deps: ReleaseTheLeaseDeps) =>
  async (event: unknown): Promise<Released> => {
    const { run } = Input.parse(event);
    if (run === null || !(await giveBack(deps, run))) return { rerun: null };
    const pinned = await deps.bucket.read(pinsKey(run.group, run.id));
    const pins = pinned === null ? null : Pins.parse(pinned.value);
    const open = await settleNotes(deps, run, pins);
    // A rerun that could not even read the uploads does not start another one: that could go on for ever.
    if (open.length === 0 || (pins === null && run.trigger.type === "rerun")) return { rerun: null };
    const name = `rerun-${deps.digest([run.id, ...open].join("\n")).slice(0, 32)}`;
    await deps.start(run.stateMachineArn, name, { trigger: "rerun", of: run.id });
    return { rerun: name };
  };
