/**
 * Keeps web pages of other origins away from the loopback port: a page that the user happens to visit can send requests
 * to 127.0.0.1, directly (then it shows its Origin) or by rebinding its own name to that address (then the Host shows it).
 */
import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../ports/aws-error.ts";

/** Also `bucket.localhost`, `bucket.127.0.0.1` and the SDKs' prefixes such as `sync-localhost`. */
const loopback = /(^|[.-])(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

export function refuseForeignPages(headers: IncomingHttpHeaders): void {
  const { host, origin } = headers;
  if (host !== undefined && !loopback.test(host)) {
    throw new AwsError("AccessDenied", `Host ${host} is not this machine: use http://127.0.0.1 as endpoint`, {
      status: 403,
    });
  }
  const from = origin === undefined ? undefined : origin.replace(/^https?:\/\//, "");
  if (from !== undefined && !loopback.test(from)) {
    throw new AwsError("AccessDenied", `Requests from web pages of ${origin} are not accepted`, { status: 403 });
  }
}
