/** KMS as the services that lock data with it see it. */
import type { Caller } from "./service.ts";

export type KeyAction = "kms:Decrypt" | "kms:GenerateDataKey" | "kms:CreateGrant" | "kms:DescribeKey";

export interface KeyUse {
  readonly action: KeyAction;
  /** ARN, id, alias or alias ARN. */
  readonly key: string;
  /** The service through which the key is used, as kms:ViaService has it: `s3`, `sns`. */
  readonly via: string;
  /** What is locked, as kms:EncryptionContext:... of the policies. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

export interface Keys {
  /** The key's ARN. A key that no template made is taken to exist, and leaves everything to IAM. */
  arnOf(key: string): string;
  /** Throws AccessDeniedException, NotFoundException, DisabledException or KMSInvalidStateException. */
  assertUsable(caller: Caller, use: KeyUse): void;
}

/** A cloud without KMS: every key is there for everybody. */
export const openKeys: Keys = { arnOf: (key) => key, assertUsable: () => {} };
