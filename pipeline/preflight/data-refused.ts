/** The uploads cannot be trained on, and whoever made them can repair that. */
import type { Input } from "../planning/inputs.ts";
import type { Run } from "../planning/run.ts";

export class DataRefused extends Error {
  override readonly name = "DataRefused";

  /** A FULL import replaces everything, so the whole history must lie in the folder. */
  static unlessInteractionsIn(inputs: readonly Input[], run: Run): void {
    if (inputs.some((input) => input.type === "interactions")) return;
    throw new DataRefused(
      `There is no file under s3://${run.bucket}/${run.group}/interactions/. Drop the whole history there as CSV.`,
    );
  }
}
