/** Reads a small file of our own that a person may have broken. */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { UsageError } from "./command.ts";

/** @throws UsageError naming the file, what is wrong with it, and the remedy */
export function readJson<T>(file: string, shape: z.ZodType<T>, remedy: string): T {
  try {
    return shape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const fault = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new UsageError(`${file} cannot be used: ${fault}. ${remedy}`, { cause: error });
  }
}
