/** The keys of the account and the names they go by. */
import { AwsError } from "../cloud/ports/aws-error.ts";
import type { ServiceDeps } from "../cloud/ports/service.ts";
import type { Table } from "../cloud/ports/store.ts";

export interface KeyRecord {
  readonly arn: string;
  readonly id: string;
  readonly description: string;
  /** A key whose stack let go of it waits for its deletion, and locks and unlocks nothing any more. */
  readonly state: "Enabled" | "Disabled" | "PendingDeletion";
  readonly rotates: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface KeyRing {
  /** By ARN. */
  readonly keys: Table<KeyRecord>;
  /** `alias/outrank` -> ARN of its key. */
  readonly aliases: Table<string>;
  /** Of an id, an alias or the ARN of either. Throws NotFoundException for a name that nothing has. */
  arnOf(key: string): string;
}

export function openKeyRing({ store, region, account }: Pick<ServiceDeps, "store" | "region" | "account">): KeyRing {
  const keys = store.table<KeyRecord>("kms/keys");
  const aliases = store.table<string>("kms/aliases");
  const here = `arn:aws:kms:${region}:${account}:`;
  return {
    keys,
    aliases,
    arnOf(key) {
      if (/^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(key)) return key;
      const name = key.startsWith(here) ? key.slice(here.length) : key;
      const arn = name.startsWith("alias/") ? aliases.get(name) : `${here}key/${name}`;
      if (arn !== undefined && keys.has(arn)) return arn;
      throw new AwsError("NotFoundException", `${name.startsWith("alias/") ? "Alias" : "Key"} '${key}' does not exist`);
    },
  };
}

/** Throws DisabledException or KMSInvalidStateException. */
export function assertEnabled({ arn, state }: KeyRecord): void {
  if (state === "Disabled") throw new AwsError("DisabledException", `${arn} is disabled.`);
  if (state === "PendingDeletion") throw new AwsError("KMSInvalidStateException", `${arn} is pending deletion.`);
}
