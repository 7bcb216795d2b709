/**
 * The lines of batch segment jobs: an item or an expression over attributes in, the users most interested out. What is wrong with a
 * line is said in that line's `error`. The member is `usersList`, as in the files that the service really writes; its guide
 * calls it `recommendedUsers`. Pure.
 */
import * as z from "zod";
import { faultOf, objectIn } from "./lines.ts";

const filterValues = z.record(z.string(), z.string()).optional();

export const segmentShapes = {
  "aws-item-affinity": z.object({ itemId: z.string().min(1).max(256), filterValues }),
  "aws-item-attribute-affinity": z.object({ itemAttributes: z.string().min(1).max(1000), filterValues }),
} as const;

export type SegmentRecipe = keyof typeof segmentShapes;

export const isSegmentRecipe = (name: string): name is SegmentRecipe => name in segmentShapes;

export interface SegmentRequest {
  readonly itemId?: string | undefined;
  readonly itemAttributes?: string | undefined;
  readonly filterValues?: Readonly<Record<string, string>> | undefined;
}

export type SegmentLine =
  | { readonly kind: "query"; readonly input: unknown; readonly request: SegmentRequest }
  | { readonly kind: "fault"; readonly input: unknown; readonly fault: string };

export function parseSegmentLine(text: string, recipe: SegmentRecipe): SegmentLine {
  const parsed = objectIn(text);
  if (parsed.kind === "fault") return parsed;
  const verdict = segmentShapes[recipe].safeParse(parsed.input);
  if (!verdict.success) return { kind: "fault", input: parsed.input, fault: faultOf(verdict.error) };
  return { kind: "query", input: parsed.input, request: verdict.data };
}

export const segmentLine = (input: unknown, usersList: readonly string[]): string =>
  `${JSON.stringify({ input, output: { usersList }, error: null })}\n`;
