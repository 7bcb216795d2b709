/**
 * Who owns an access key. Keys of role sessions are issued here and their signatures are verified; every other key, the
 * user's own, stands for the account and is accepted as it is: this cloud listens on loopback and guards nothing.
 */
import type { Caller } from "./service.ts";

export interface IssuedKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface Credentials {
  /** A key for acting as that role; the same role and session get the same key. `expiresAt` in epoch milliseconds. */
  issue(roleArn: string, session: string, expiresAt?: number): IssuedKey;
  callerOf(accessKeyId: string): Caller;
  /** The key's secrets, when it was issued here. */
  find(accessKeyId: string): (IssuedKey & { readonly expiresAt?: number }) | undefined;
}
