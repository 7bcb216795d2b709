/** What a person or a schedule may ask of one run. `{}` is a complete manual input and asks for everything. */
import * as z from "zod";
import { Override } from "../gate/evidence.ts";

export const stages = ["import", "train", "batch"] as const;
export const Stage = z.enum(stages);
export type Stage = z.infer<typeof Stage>;

/** Another version than the one that serves, and who wants it; nothing is imported or trained. */
const Rollback = z.strictObject({
  ...Override.shape,
  solution: z.string().min(1).optional().describe("default: the group's only solution"),
});
const Promote = z.strictObject({
  ...Rollback.shape,
  runId: z.string().min(1).describe("whose candidate goes live"),
});

export const ManualInput = z
  .strictObject({
    trigger: z.literal("manual").optional(),
    actor: z.string().min(1).optional().describe("who asks, for the record"),
    dryRun: z.boolean().default(false).describe("goes all the way to the decision and leaves the campaign alone"),
    acceptShrink: z.boolean().default(false).describe("import although a dataset lost more rows than maxShrink allows"),
    force: Override.optional().describe("promote although rules fail; recorded as FORCED"),
    stages: z.array(Stage).min(1).optional().describe("only these; default all"),
    rollback: Rollback.optional().describe("give the campaign its former version again"),
    promote: Promote.optional().describe("give the campaign the candidate of an earlier run"),
  })
  .refine(
    ({ force, rollback, promote }) => [force, rollback, promote].filter((wish) => wish !== undefined).length <= 1,
    "force, rollback and promote exclude each other",
  );
export type ManualInput = z.input<typeof ManualInput>;

/** A version to go live that an earlier run trained: by that run's id, or the one that served before. */
export const Recall = z.object({
  kind: z.enum(["rollback", "promote"]),
  runId: z.string().nullable(),
  solution: z.string().nullable(),
});
export type Recall = z.infer<typeof Recall>;

export const RunOptions = z.object({
  dryRun: z.boolean(),
  acceptShrink: z.boolean().default(false),
  force: Override.nullable(),
  stages: z.array(Stage).default([...stages]),
  recall: Recall.nullable().default(null),
});
export type RunOptions = z.infer<typeof RunOptions>;

export const plainOptions: RunOptions = {
  dryRun: false,
  acceptShrink: false,
  force: null,
  stages: [...stages],
  recall: null,
};

export function optionsOf(input: z.infer<typeof ManualInput>): RunOptions {
  const { dryRun, acceptShrink, force, rollback, promote } = input;
  const recalled = promote ?? rollback;
  return {
    dryRun,
    acceptShrink,
    force: force ?? (recalled && { reason: recalled.reason, actor: recalled.actor }) ?? null,
    stages: input.stages ?? [...stages],
    recall:
      recalled === undefined
        ? null
        : {
            kind: promote === undefined ? "rollback" : "promote",
            runId: promote?.runId ?? null,
            solution: recalled.solution ?? null,
          },
  };
}
