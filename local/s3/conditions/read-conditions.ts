/** May this version be read under the request's conditions? HTTP's rules, in S3's order; pure. */

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

export type ReadVerdict = { kind: "read" } | { kind: "not-modified" } | { kind: "failed"; condition: string };

/** Does a list of ETags (quoted or not, weak or not, or `*`) name this one? */
export function etagMatches(list: string, etag: string): boolean {
  return list.split(",").some((item) => {
    const bare = item
      .trim()
      .replace(/^W\//, "")
      .replace(/^"(.*)"$/, "$1");
    return bare === "*" || bare === etag;
  });
}

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/** @param lastModified milliseconds since the epoch; compared by whole seconds, as HTTP dates are. */
export function judgeRead(conditions: ReadConditions, etag: string, lastModified: number): ReadVerdict {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!etagMatches(IfMatch, etag)) return { kind: "failed", condition: "If-Match" };
  } else if (IfUnmodifiedSince && seconds(lastModified) > seconds(IfUnmodifiedSince.getTime())) {
    return { kind: "failed", condition: "If-Unmodified-Since" };
  }
  if (IfNoneMatch !== undefined) return etagMatches(IfNoneMatch, etag) ? { kind: "not-modified" } : { kind: "read" };
  const unmodified = IfModifiedSince && seconds(lastModified) <= seconds(IfModifiedSince.getTime());
  return unmodified ? { kind: "not-modified" } : { kind: "read" };
}
