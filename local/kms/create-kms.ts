/**
 * KMS, as far as a stack needs it: keys and aliases of templates, as records, and who may use them. Nothing is really
 * encrypted, so there is no key material and no API; but a role that may not use a key is refused as in AWS, by the key's
 * policy (kept by IAM) and the role's own.
 */
import type { Keys } from "../cloud/ports/keys.ts";
import type { Authorizer, Provisioner, ServiceDeps } from "../cloud/ports/service.ts";
import { assertEnabled, openKeyRing } from "./key-ring.ts";
import { kmsProvisioners } from "./provisioners.ts";

export interface KmsDeps extends Pick<ServiceDeps, "clock" | "ids" | "store" | "account" | "region"> {
  readonly authorizer: Authorizer;
  /** IAM's: keeps a key's policy, or takes it away. Durable when it resolves. */
  setResourcePolicy(arn: string, document: object | string | undefined): Promise<void>;
}

export interface KmsParts {
  readonly keys: Keys;
  readonly provisioners: readonly Provisioner[];
}

export function createKms(deps: KmsDeps): KmsParts {
  const ring = openKeyRing(deps);
  const { authorizer, region, account } = deps;
  const keys: Keys = {
    arnOf: (key) => ring.arnOf(key),
    assertUsable(caller, { action, key, via, encryptionContext = {} }) {
      const resource = ring.arnOf(key);
      const record = ring.keys.get(resource);
      if (record) assertEnabled(record);
      // Its policy is not known here: what it says of services is taken to be right, roles need their own permission.
      else if (caller.kind === "service") return;
      const context = Object.entries(encryptionContext).map(([name, value]) => [
        `kms:EncryptionContext:${name}`,
        value,
      ]);
      const conditions: Record<string, string> = {
        ...{ "kms:ViaService": `${via}.${region}.amazonaws.com`, "kms:CallerAccount": account },
        ...(Object.fromEntries(context) as Record<string, string>),
      };
      authorizer.authorize(caller, { action, resource, conditions });
    },
  };
  return { keys, provisioners: kmsProvisioners(ring, deps) };
}
