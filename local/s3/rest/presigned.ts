/** Is a presigned URL still good? Its signature is the endpoint's business; how long it lasts is S3's. Pure. */
import { accessDenied, S3Error } from "../errors.ts";

const longestSeconds = 604_800;

const authorizationQueryParametersError = (message: string) =>
  new S3Error("AuthorizationQueryParametersError", message);

/** `20260105T000000Z` as milliseconds since the epoch. */
function parseBasicDate(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match)
    throw authorizationQueryParametersError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Throws AccessDenied for an expired URL; requests without a signed query pass. */
export function assertUnexpired(query: URLSearchParams, now: number): void {
  const expires = query.get("X-Amz-Expires");
  if (query.get("X-Amz-Signature") === null || expires === null) return;
  const seconds = Number(expires);
  if (!Number.isInteger(seconds) || seconds < 0)
    throw authorizationQueryParametersError("X-Amz-Expires should be a number");
  if (seconds > longestSeconds) {
    throw authorizationQueryParametersError(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  }
  const end = parseBasicDate(query.get("X-Amz-Date") ?? "") + seconds * 1000;
  if (now <= end) return;
  const instants = { Expires: new Date(end).toISOString(), ServerTime: new Date(now).toISOString() };
  throw accessDenied("Request has expired", { "X-Amz-Expires": expires, ...instants });
}
