/** Pages of a list whose order is stable: the token is the position of the next item, as opaque text. */
import { AwsError } from "./aws-error.ts";

export interface Page<T> {
  readonly items: T[];
  readonly next: string | undefined;
}

/** @param limit the most items of a page, when the caller names none. */
export function page<T>(
  all: readonly T[],
  token: string | undefined,
  wanted: number | undefined,
  limit = 100,
): Page<T> {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) throw new AwsError("ValidationException", `Invalid token: ${token}`);
  const end = start + Math.max(1, Math.min(wanted || limit, limit));
  const next = end < all.length ? Buffer.from(String(end)).toString("base64url") : undefined;
  return { items: all.slice(start, end), next };
}
