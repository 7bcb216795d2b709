/** When each stage of a run began and ended, from the instants that the machine noted on its way. */
import * as z from "zod";

/** What the machine notes; a run that ended early has noted less. */
export const StageTimes = z.object({
  checkedFrom: z.string().nullish(),
  importedFrom: z.string().nullish(),
  trainedFrom: z.string().nullish(),
  decidedFrom: z.string().nullish(),
});
export type StageTimes = z.infer<typeof StageTimes>;

export const Stage = z.object({
  name: z.enum(["settle", "check", "import", "train", "decide"]),
  startedAt: z.string(),
  finishedAt: z.string(),
});
export type Stage = z.infer<typeof Stage>;

/** Stages follow each other without gaps: one ends when the next one begins, the last one with the run. */
export function stagesOf(times: StageTimes, startedAt: string, finishedAt: string): Stage[] {
  const begun = [
    { name: "settle" as const, at: times.checkedFrom ? startedAt : null },
    { name: "check" as const, at: times.checkedFrom },
    { name: "import" as const, at: times.importedFrom },
    { name: "train" as const, at: times.trainedFrom },
    { name: "decide" as const, at: times.decidedFrom },
  ].flatMap(({ name, at }) => (at ? [{ name, at }] : []));
  return begun.map(({ name, at }, index) => ({ name, startedAt: at, finishedAt: begun[index + 1]?.at ?? finishedAt }));
}
