/** ARNs of log groups and streams. */
import type { ServiceDeps } from "../cloud/ports/service.ts";

type Place = Pick<ServiceDeps, "account" | "region">;

export function groupArn({ account, region }: Place, group: string): string {
  return `arn:aws:logs:${region}:${account}:log-group:${group}`;
}

export function streamArn(place: Place, group: string, stream: string): string {
  return `${groupArn(place, group)}:log-stream:${stream}`;
}

/** The group's name in a name, an ARN, or an ARN that ends in ":*". */
export function groupNameOf(identifier: string | undefined): string {
  const match = /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(identifier ?? "");
  return match?.[1] ?? identifier ?? "";
}

/** The answer of an operation without the SDK's metadata. */
export type Answer<T> = Omit<T, "$metadata">;
