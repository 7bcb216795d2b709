/** The smoke test's verdict: after a change, do known users get lists, and not all of them the same one? */
export interface Trial {
  readonly passed: boolean;
  readonly reason: string;
}

export interface TrialTerms {
  readonly minItems: number;
  /** A personalising model must not show everybody the same; the popular-items baseline always does. */
  readonly mustDiffer: boolean;
}

/** @param lists item ids, one list per known user, best first. */
export function judgeTrial(lists: readonly (readonly string[])[], { minItems, mustDiffer }: TrialTerms): Trial {
  if (lists.length === 0) return { passed: false, reason: "there is no known user to ask for" };
  const shortest = Math.min(...lists.map((list) => list.length));
  if (!(shortest >= minItems)) {
    return { passed: false, reason: `a known user got ${shortest} items, at least ${minItems} were expected` };
  }
  const distinct = new Set(lists.map((list) => list.join("\n"))).size;
  if (mustDiffer && lists.length > 1 && distinct === 1) {
    return { passed: false, reason: `${lists.length} known users all got the same list: this is not personal` };
  }
  return { passed: true, reason: `${lists.length} known users got lists, ${distinct} of them different` };
}
