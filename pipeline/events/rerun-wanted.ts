/** What a run starts its successor with when uploads arrived that it had not read. */
import * as z from "zod";

export const RerunWanted = z.strictObject({ trigger: z.literal("rerun"), of: z.string() });
export type RerunWanted = z.infer<typeof RerunWanted>;
