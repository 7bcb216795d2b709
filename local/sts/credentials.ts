/** Access keys of role sessions, kept in the store so that a process that was given one can use it after a restart. */
import type { Ids } from "../cloud/ports/clock.ts";
import type { Credentials, IssuedKey } from "../cloud/ports/credentials.ts";
import type { Caller } from "../cloud/ports/service.ts";
import type { Store } from "../cloud/ports/store.ts";

export interface CredentialsDeps {
  readonly ids: Ids;
  readonly store: Store;
}

interface StoredKey extends IssuedKey {
  readonly roleArn: string;
  readonly session: string;
  /** Epoch milliseconds; absent for keys that never expire. */
  readonly expiresAt?: number;
}

/** AssumeRole's limit on DurationSeconds. */
const longestSessionMilliseconds = 12 * 3_600_000;

export function createCredentials({ ids, store }: CredentialsDeps): Credentials {
  const keys = store.table<StoredKey>("sts/keys");
  /** Keys without an end, by role and session: a function that runs again gets the key it had. */
  const lasting = store.table<string>("sts/lasting-keys");

  function issue(roleArn: string, session: string, expiresAt?: number): IssuedKey {
    const name = `${roleArn}\n${session}`;
    const known = expiresAt === undefined ? keys.get(lasting.get(name) ?? "") : undefined;
    if (known) return issuedOf(known);
    const key: StoredKey = {
      accessKeyId: `ASIA${ids.hex(16).toUpperCase()}`,
      secretAccessKey: ids.hex(40),
      sessionToken: ids.hex(64),
      roleArn,
      session,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    if (expiresAt !== undefined) forgetExpired(expiresAt - longestSessionMilliseconds);
    keys.put(key.accessKeyId, key);
    if (expiresAt === undefined) lasting.put(name, key.accessKeyId);
    return issuedOf(key);
  }

  /** Every key that ended before that instant; no session lasts longer, so the instant is past. */
  function forgetExpired(before: number): void {
    for (const key of [...keys.values()]) {
      if (key.expiresAt !== undefined && key.expiresAt < before) keys.delete(key.accessKeyId);
    }
  }

  function callerOf(accessKeyId: string): Caller {
    const key = keys.get(accessKeyId);
    return key ? { kind: "role", roleArn: key.roleArn, session: key.session } : { kind: "account" };
  }

  return { issue, callerOf, find: (accessKeyId) => keys.get(accessKeyId) };
}

function issuedOf({ accessKeyId, secretAccessKey, sessionToken }: StoredKey): IssuedKey {
  return { accessKeyId, secretAccessKey, sessionToken };
}
