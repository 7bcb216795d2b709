/** The one reader of `process.env` in a Lambda. Called once by wire.ts; lists all missing variables at once. */
import * as z from "zod";

export function readEnvironment<T extends z.ZodObject>(shape: T): z.output<T> {
  const parsed = shape.safeParse(process.env);
  if (!parsed.success) throw new Error(`The function's environment is not complete\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What most functions need to know. */
export const BucketEnvironment = z.object({ BUCKET: z.string().min(1) });
