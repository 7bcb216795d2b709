/** Lists in pages; a token says where the next one begins and is refused when it was not made here. */
import { invalidToken } from "../errors.ts";

export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

const defaultSize = 100;

/** 0 means the default (fact 40). */
export const pageSize = ({ maxResults }: PageRequest): number => maxResults || defaultSize;

export function readToken(nextToken: string | undefined): number {
  if (nextToken === undefined) return 0;
  const start = /^from:(\d+)$/.exec(Buffer.from(nextToken, "base64").toString("utf8"))?.[1];
  if (start === undefined) throw invalidToken();
  return Number(start);
}

export const makeToken = (start: number): string => Buffer.from(`from:${start}`).toString("base64");

export function pageOf<T>(all: readonly T[], request: PageRequest): Page<T> {
  const start = readToken(request.nextToken);
  const end = start + pageSize(request);
  return { items: all.slice(start, end), ...(end < all.length && { nextToken: makeToken(end) }) };
}
