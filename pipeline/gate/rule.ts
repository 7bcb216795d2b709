/**
 * Makers of rule results. A rule is a function from evidence to one or more results; it never throws and never stops
 * the rules after it. Every comparison is written `!(a >= b)`-safe: NaN makes a rule fail, never pass (R7).
 */
import type { Evidence, Metrics, ReasonCode, RuleResult } from "./evidence.ts";

export type Rule = (evidence: Evidence) => readonly RuleResult[];

/** To six decimals, for reading. Adding 0 turns -0 into 0, which JSON could not tell apart. */
export const round = (value: number): number => (Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 + 0 : value);

/** JSON knows no NaN: what cannot be written as a number is written as its name. */
const observable = (value: number | string | null | undefined): number | string | null => {
  if (value === undefined) return null;
  return typeof value === "number" ? (Number.isFinite(value) ? round(value) : String(value)) : value;
};

interface Said {
  readonly name: string;
  readonly observed: number | string | null | undefined;
  readonly required: string;
  readonly reason: string;
}

export const passed = ({ observed, ...said }: Said): RuleResult => ({
  ...said,
  observed: observable(observed),
  passed: true,
  skipped: false,
  code: null,
});

export const failed = (code: ReasonCode, { observed, ...said }: Said): RuleResult => ({
  ...said,
  observed: observable(observed),
  passed: false,
  skipped: false,
  code,
});

/** A rule that does not apply here; it does not stand in the way, and the record says why. */
export const skipped = ({ observed, ...said }: Said): RuleResult => ({
  ...said,
  observed: observable(observed),
  passed: true,
  skipped: true,
  code: null,
});

/** Passes when `holds` is true; anything else, NaN comparisons included, fails. */
export const check = (holds: boolean, code: ReasonCode, said: Said): RuleResult =>
  holds ? passed(said) : failed(code, said);

/** A metric's value, NaN when it is missing or no finite number, so that every comparison with it fails. */
export function metric(metrics: Metrics, name: string): number {
  const value = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : Number.NaN;
}

/** candidate / baseline - 1; NaN when either is missing or the baseline is 0. */
export function relativeLift(candidate: number, baseline: number): number {
  return baseline > 0 ? candidate / baseline - 1 : Number.NaN;
}

/** The largest standard error a mean in [0, 1] over n users can have: sqrt(m (1 - m) / n). */
export function standardError(mean: number, users: number): number {
  return users > 0 && mean >= 0 && mean <= 1 ? Math.sqrt((mean * (1 - mean)) / users) : Number.NaN;
}

/** The service holds out a tenth of the users that have something to hold out, and does not say how many. */
export const estimatedTestUsers = (usersWithTwo: number): number => Math.floor(usersWithTwo / 10);
