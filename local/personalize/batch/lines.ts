/**
 * The files of batch jobs: JSON Lines in, JSON Lines out, one answer to each question, which is repeated beside it. What is wrong
 * with a line is said in that line's `error`; the others go on. Pure.
 */
import * as z from "zod";
import type { Theme } from "./themes.ts";

const id = z.string().min(1).max(256);
const filterValues = z.record(z.string(), z.string()).optional();

const User = z.object({ userId: id, filterValues });
const Item = z.object({ itemId: id, userId: id.optional(), filterValues });
const Ranking = z.object({ userId: id, itemList: z.array(id).min(1).max(500), filterValues });

export interface BatchQuery {
  readonly userId?: string | undefined;
  readonly itemId?: string | undefined;
  readonly itemList?: readonly string[] | undefined;
  readonly filterValues?: Readonly<Record<string, string>> | undefined;
}

/** What a line of each recipe type must say. */
const shapes: Readonly<Record<string, z.ZodType<BatchQuery>>> = {
  USER_PERSONALIZATION: User,
  POPULAR_ITEMS: User,
  RELATED_ITEMS: Item,
  PERSONALIZED_RANKING: Ranking,
};

export type BatchLine =
  | { readonly kind: "query"; readonly input: unknown; readonly query: BatchQuery }
  | { readonly kind: "fault"; readonly input: unknown; readonly fault: string };

export function parseLine(text: string, recipeType: string): BatchLine {
  const parsed = objectIn(text);
  if (parsed.kind === "fault") return parsed;
  const { input } = parsed;
  const verdict = shapes[recipeType]?.safeParse(input);
  if (verdict?.success) return { kind: "query", input, query: verdict.data };
  return { kind: "fault", input, fault: faultOf(verdict?.error) };
}

/** The JSON of a line, or what is wrong with it. */
export function objectIn(
  text: string,
): { readonly kind: "json"; readonly input: unknown } | { readonly kind: "fault"; input: string; fault: string } {
  try {
    return { kind: "json", input: JSON.parse(text) };
  } catch (cause) {
    return { kind: "fault", input: text, fault: `The line is not valid JSON: ${(cause as Error).message}` };
  }
}

/** The first thing that is wrong, by the member's name. */
export function faultOf(error: z.ZodError | undefined): string {
  const [issue] = error?.issues ?? [];
  return `${issue?.path.join(".") || "The line"}: ${issue?.message ?? "cannot be answered"}`;
}

export interface Answer {
  readonly itemId?: string | undefined;
  readonly score?: number | undefined;
}

/** `scores` belongs to the first items: those without a score stand at the end; a recipe without scores has none. */
export function answerLine(input: unknown, items: readonly Answer[]): string {
  const scores = items.flatMap(({ score }) => score ?? []);
  const output = { recommendedItems: items.map(({ itemId }) => itemId), ...(scores.length > 0 ? { scores } : {}) };
  return `${JSON.stringify({ input, output, error: null })}\n`;
}

/** The items in the order of their relevance to the theme, as the service gives them. */
export function themeLine(input: unknown, items: readonly Answer[], { theme, order, relevance }: Theme): string {
  const recommendedItems = order.map((n) => items[n]?.itemId);
  const output = { recommendedItems, theme, itemsThemeRelevanceScores: relevance };
  return `${JSON.stringify({ input, output, error: null })}\n`;
}

export const faultLine = (input: unknown, error: string) => `${JSON.stringify({ input, output: null, error })}\n`;
