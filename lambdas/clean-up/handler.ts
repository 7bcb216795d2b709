/**
 * One step of a cleanup: looks at all that is left, deletes what can be deleted now, and says what is still waited for.
 * Called again until nothing is left; safe to call any number of times. Uploads and records are never touched.
 */
import * as z from "zod";
import { Cleanup } from "../../pipeline/cleanup/cleanup.ts";
import { type Found, inOrder, inWords, type Kept, type Thing, thing } from "../../pipeline/cleanup/found.ts";
import { nextStep, type Step } from "../../pipeline/cleanup/next-step.ts";
import { foreignIn, ForeignResources } from "../../pipeline/cleanup/ownership.ts";
import { decidePruning } from "../../pipeline/cleanup/prune.ts";
import {
  type CleanupOutput,
  type CleanupReport,
  Done,
  emptyReport,
  outcomeOf,
  recordOf,
  renderReport,
} from "../../pipeline/cleanup/report.ts";
import { championsPrefix, cleanupKey, decisionsPrefix, pointerPrefixes } from "../../pipeline/naming/bucket-layout.ts";
import { Champion } from "../../pipeline/records/champion.ts";
import type { Bucket } from "../lib/bucket.ts";
import type { Deletions } from "./personalize-deletions.ts";
import type { LookAtTheGroup } from "./personalize-inventory.ts";

const Input = z.object({ cleanup: Cleanup, now: z.string(), done: Done });

export interface CleanUpDeps {
  readonly bucket: Pick<Bucket, "list" | "read" | "write" | "remove">;
  readonly lookAtTheGroup: LookAtTheGroup;
  readonly deletions: Deletions;
}

/** What the machine needs of a step; the whole of it lies in the bucket. */
export interface CleanedUp {
  readonly isDone: boolean;
  /** For the next step. */
  readonly done: Done;
  /** What is left, in words; empty when nothing is. */
  readonly summary: string;
  /** What will never go, in words; null when all goes well. */
  readonly failure: string | null;
  readonly message: string;
  readonly output: CleanupOutput;
}

interface Target {
  /** Everything in the group. */
  readonly all: readonly Found[];
  /** What is to go. */
  readonly found: readonly Found[];
  readonly kept: readonly Kept[];
}

/** What this cleanup is about: everything in the group, or its old solutions. */
async function targetOf(deps: CleanUpDeps, cleanup: Cleanup, now: string): Promise<Target> {
  const found = await deps.lookAtTheGroup(cleanup);
  if (!cleanup.options.prune) return { all: found, found, kept: [] };
  const { prefix, configured, retention } = cleanup;
  const championVersions = await waysBack(deps, cleanup.group);
  const pruning = decidePruning({ found, prefix, configured, championVersions, retention, now: Date.parse(now) });
  return { all: found, found: pruning.old, kept: pruning.kept };
}

/** Versions that serve or served before, by our own pointers; the campaigns themselves are asked as well. */
async function waysBack({ bucket }: CleanUpDeps, group: string): Promise<string[]> {
  const files = await bucket.list(championsPrefix(group));
  const pointers = await Promise.all(files.map(async ({ key }) => Champion.parse((await bucket.read(key))?.value)));
  return pointers.flatMap(({ solutionVersionArn, previousSolutionVersionArn }) =>
    previousSolutionVersionArn === null ? [solutionVersionArn] : [solutionVersionArn, previousSolutionVersionArn],
  );
}

/** Earlier and newer, each once: a step that is done again finds what its first try has begun. */
const together = (earlier: readonly Thing[], newer: readonly Thing[]): Thing[] =>
  inOrder([...new Map([...earlier, ...newer].map((one) => [inWords(one), thing(one)])).values()]);

interface Carried {
  readonly deleted: readonly Thing[];
  readonly kept: readonly Kept[];
  readonly waitingFor: readonly string[];
}

/** Does one step; a schema that somebody else uses stays, everything else that is in use is waited for. */
async function carryOut({ deletions }: CleanUpDeps, step: Step): Promise<Carried> {
  const deleted: Thing[] = [];
  const kept: Kept[] = [];
  const waitingFor: string[] = [...step.waitFor];
  for (const arn of step.stop) await deletions.stop(arn);
  for (const found of step.delete) {
    const refusal = await deletions.delete(found);
    if (refusal === null) {
      deleted.push(found);
      if (found.kind !== "schema") waitingFor.push(`${inWords(found)} is being deleted`);
    } else if (found.kind === "schema") kept.push({ ...thing(found), reason: refusal });
    else waitingFor.push(`${inWords(found)}: ${refusal}`);
  }
  return { deleted, kept, waitingFor };
}

/** Goes on from kind to kind as long as nothing is waited for. */
async function goOn(deps: CleanUpDeps, target: Target, earlier: Done): Promise<CleanupReport> {
  const there = new Set(target.all.map(inWords));
  const gone = earlier.seen.filter((one) => !there.has(inWords(one)));
  const begun = target.found.filter(({ status }) => status.startsWith("DELETE"));
  let report: CleanupReport = {
    ...emptyReport,
    ...{ deleted: together(gone, begun), stopped: earlier.stopped, kept: [...target.kept] },
  };
  let left = target.found;
  for (;;) {
    const step = nextStep(left);
    if (step.kind === null) return { ...report, isDone: true };
    const carried = await carryOut(deps, step);
    report = {
      ...report,
      deleted: together(report.deleted, carried.deleted),
      stopped: [...new Set([...report.stopped, ...step.stop])],
      kept: [...report.kept, ...carried.kept],
      ...{ waitingFor: [...carried.waitingFor], failed: [...step.failed] },
    };
    if (report.waitingFor.length > 0 || report.failed.length > 0) return report;
    left = left.filter(({ kind }) => kind !== step.kind);
  }
}

/** Our own objects that would tell of things that are gone. */
async function forget({ bucket }: CleanUpDeps, { group, options }: Cleanup, deleted: readonly Thing[]) {
  const prefixes = options.prune
    ? deleted.filter(({ kind }) => kind === "solution").map(({ name }) => decisionsPrefix(group, name))
    : pointerPrefixes(group);
  const keys = (await Promise.all(prefixes.map((prefix) => bucket.list(prefix)))).flat().map(({ key }) => key);
  for (const key of keys) await bucket.remove(key);
  return keys;
}

function dryRun({ options, prefix }: Cleanup, { found, kept }: Target): CleanupReport {
  const foreign = options.includeForeign ? [] : foreignIn(found, prefix);
  return {
    ...emptyReport,
    ...{ isDone: true, kept: [...kept] },
    ...{ wouldDelete: inOrder(found).map(thing), foreign: inOrder(foreign).map(thing) },
  };
}

/** @throws ForeignResources before anything is touched */
async function realStep(deps: CleanUpDeps, cleanup: Cleanup, target: Target, earlier: Done): Promise<CleanupReport> {
  const foreign = cleanup.options.includeForeign ? [] : foreignIn(target.found, cleanup.prefix);
  if (foreign.length > 0) throw new ForeignResources(cleanup.group, inOrder(foreign));
  const report = await goOn(deps, target, earlier);
  return { ...report, forgotten: report.isDone ? await forget(deps, cleanup, report.deleted) : [] };
}

export const makeHandler =
  (deps: CleanUpDeps) =>
  async (event: unknown): Promise<CleanedUp> => {
    const { cleanup, now, done } = Input.parse(event);
    const target = await targetOf(deps, cleanup, now);
    const isReal = !cleanup.options.dryRun;
    const report = isReal ? await realStep(deps, cleanup, target, done) : dryRun(cleanup, target);
    const record = recordOf(cleanup, report, now);
    if (isReal) await deps.bucket.write(cleanupKey(cleanup.group, cleanup.id), record);
    return {
      isDone: report.isDone,
      done: { seen: together(done.seen, target.found), stopped: report.stopped },
      summary: report.waitingFor.join("; "),
      failure: report.failed.length === 0 ? null : report.failed.join("; "),
      message: renderReport(cleanup, report),
      output: { outcome: outcomeOf(cleanup), ...record },
    };
  };
