/** What uploads must look like beyond their schema, before anything is paid for. */
import * as z from "zod";

const fraction = z.number().min(0).max(1);

export const DataChecks = z.strictObject({
  maxShrink: fraction
    .default(0.5)
    .describe("share of a dataset's rows that may be missing against the last run; a FULL import erases them"),
  maxDuplicates: fraction.default(0.2).describe("share of interactions that may repeat another one in every member"),
  futureHours: z.number().min(0).default(24).describe("how far ahead of the clock a TIMESTAMP may be"),
});
export type DataChecks = z.infer<typeof DataChecks>;
