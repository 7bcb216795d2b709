/** What a cleanup may take down beyond what Outrank made, and how long old solutions stay. */
import * as z from "zod";

export const Cleanup = z.strictObject({
  mayDeleteForeign: z
    .boolean()
    .default(false)
    .describe(
      "let `includeForeign` delete what others made in this dataset group; its role may then delete under any name",
    ),
});

/** A changed recipe or configuration makes another solution; the old one stays, with its versions, until somebody deletes it. */
export const Retention = z.strictObject({
  oldSolutions: z
    .enum(["keep", "delete"])
    .default("keep")
    .describe("whether `outrank prune` may delete solutions that nothing uses any more"),
  afterDays: z
    .number()
    .min(0)
    .default(30)
    .describe("only those whose newest version is so old; the live and the former champion's always stay"),
});
export type Retention = z.infer<typeof Retention>;
