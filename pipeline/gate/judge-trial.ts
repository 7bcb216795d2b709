/**
 * The smoke test's verdict: after a change, do known users get lists, and not all of them the same one? Where the
 * configuration asks for it, also how varied and how far from the obvious the lists are.
 */
import * as z from "zod";

export interface Trial {
  readonly passed: boolean;
  readonly reason: string;
}

/** Whom to ask for, and each popular item with its share of all interactions, most popular first. */
export const Known = z.object({
  users: z.array(z.string()),
  popular: z.array(z.tuple([z.string(), z.number()])),
});
export type Known = z.infer<typeof Known>;

export const TrialTerms = z.object({
  minItems: z.number(),
  /** A personalising model must not show everybody the same; the popular-items baseline always does. */
  mustDiffer: z.boolean(),
  /** Aggregate diversity: distinct items among all listed ones, 0 to 1 (Adomavicius and Kwon, 2012, as a share). */
  minDiversity: z.number().nullable().default(null),
  /** Mean self-information of the listed items, -log2 of their share of interactions, in bits (Zhou et al., 2010). */
  minNovelty: z.number().nullable().default(null),
});
export type TrialTerms = z.infer<typeof TrialTerms>;

type Lists = readonly (readonly string[])[];

export function diversity(lists: Lists): number {
  const all = lists.flat();
  return all.length === 0 ? 0 : new Set(all).size / all.length;
}

/** An item beyond the known ones counts as the least popular of these: the true number is not below what is answered. */
export function novelty(lists: Lists, popular: Known["popular"]): number {
  const shares = new Map(popular);
  const least = Math.min(1, ...shares.values());
  const bits = lists.flat().map((item) => -Math.log2(shares.get(item) ?? least));
  return bits.length === 0 ? 0 : bits.reduce((sum, each) => sum + each, 0) / bits.length;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

export function judgeTrial(lists: Lists, terms: TrialTerms, popular: Known["popular"]): Trial {
  const { minItems, mustDiffer, minDiversity, minNovelty } = terms;
  if (lists.length === 0) return { passed: false, reason: "there is no known user to ask for" };
  const shortest = Math.min(...lists.map((list) => list.length));
  if (!(shortest >= minItems)) {
    return { passed: false, reason: `a known user got ${shortest} items, at least ${minItems} were expected` };
  }
  const distinct = new Set(lists.map((list) => list.join("\n"))).size;
  if (mustDiffer && lists.length > 1 && distinct === 1) {
    return { passed: false, reason: `${lists.length} known users all got the same list: this is not personal` };
  }
  const measured = [
    { name: "diversity", value: diversity(lists), least: minDiversity, unit: "" },
    { name: "novelty", value: novelty(lists, popular), least: minNovelty, unit: " bits" },
  ];
  const low = measured.find(({ value, least }) => least !== null && !(value >= least));
  if (low) {
    const reason = `${low.name} of ${lists.length} known users' lists is ${short(low.value)}${low.unit}, at least ${low.least} was asked for`;
    return { passed: false, reason };
  }
  const numbers = measured.map(({ name, value, unit }) => `${name} ${short(value)}${unit}`).join(", ");
  return { passed: true, reason: `${lists.length} known users got lists, ${distinct} of them different; ${numbers}` };
}
