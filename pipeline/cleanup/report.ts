/** What a cleanup has done so far: carried from step to step, kept in the bucket, and told in words at the end. */
import * as z from "zod";
import type { Cleanup } from "./cleanup.ts";
import { inWords, kinds } from "./found.ts";

const Thing = z.object({ kind: z.enum(kinds), name: z.string() });

/** What a step must know of earlier ones. What was seen and is not there any more was deleted, whatever answers were lost. */
export const Done = z.object({ seen: z.array(Thing), stopped: z.array(z.string()) });
export type Done = z.infer<typeof Done>;

export const CleanupReport = z.object({
  /** Gone, or going. */
  deleted: z.array(Thing),
  /** Solution versions whose training was ended. */
  stopped: z.array(z.string()),
  /** Nothing is left to do; of a dry run at once. */
  isDone: z.boolean(),
  /** Only a dry run's: what a cleanup would delete, in its order. */
  wouldDelete: z.array(Thing),
  /** Only a dry run's: what it would be refused for. */
  foreign: z.array(Thing),
  kept: z.array(Thing.extend({ reason: z.string() })),
  waitingFor: z.array(z.string()),
  failed: z.array(z.string()),
  /** Our own objects that would tell of things that are gone. */
  forgotten: z.array(z.string()),
});
export type CleanupReport = z.infer<typeof CleanupReport>;

export const emptyReport: CleanupReport = {
  ...{ isDone: false, deleted: [], stopped: [], wouldDelete: [], foreign: [] },
  ...{ kept: [], waitingFor: [], failed: [], forgotten: [] },
};

/** As it lies in the bucket: who asked for what, and how far it came. */
export const CleanupRecord = CleanupReport.extend({
  id: z.string(),
  group: z.string(),
  executionArn: z.string(),
  startedAt: z.string(),
  /** When this was written: at the last step. */
  at: z.string(),
  actor: z.string().nullable(),
  options: z.object({ dryRun: z.boolean(), includeForeign: z.boolean(), wait: z.boolean(), prune: z.boolean() }),
});
export type CleanupRecord = z.infer<typeof CleanupRecord>;

export const recordOf = (cleanup: Cleanup, report: CleanupReport, at: string): CleanupRecord => ({
  ...{ id: cleanup.id, group: cleanup.group, executionArn: cleanup.executionArn, startedAt: cleanup.startedAt, at },
  ...{ actor: cleanup.trigger.actor, options: cleanup.options },
  ...report,
});

/** What the execution ends with. */
export const CleanupOutput = CleanupRecord.extend({ outcome: z.enum(["CLEANED", "PRUNED", "DRY_RUN"]) });
export type CleanupOutput = z.infer<typeof CleanupOutput>;

export function outcomeOf({ options }: Pick<Cleanup, "options">): CleanupOutput["outcome"] {
  if (options.dryRun) return "DRY_RUN";
  return options.prune ? "PRUNED" : "CLEANED";
}

/** The notice's text. */
export function renderReport({ group, options }: Pick<Cleanup, "group" | "options">, report: CleanupReport): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
  const what = options.prune ? `Old solutions of ${group}` : `The dataset group of ${group}`;
  const end = options.prune ? "were pruned" : "was taken down. Uploads and run records are kept";
  return [
    `${what} ${end}.`,
    ...list("Deleted:", report.deleted.length === 0 ? ["nothing"] : report.deleted.map(inWords)),
    ...list("Training stopped:", report.stopped),
    ...list(
      "Kept:",
      report.kept.map((kept) => `${inWords(kept)}: ${kept.reason}`),
    ),
  ].join("\n");
}
