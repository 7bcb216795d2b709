/** KMS in templates: AWS::KMS::Key and AWS::KMS::Alias. */
import * as z from "zod";
import type { Provisioner } from "../cloud/ports/service.ts";
import type { KmsDeps } from "./create-kms.ts";
import type { KeyRing } from "./key-ring.ts";

const Key = z.object({
  Description: z.string().default(""),
  Enabled: z.boolean().default(true),
  EnableKeyRotation: z.boolean().default(false),
  KeyPolicy: z.record(z.string(), z.unknown()).optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

const Alias = z.object({ AliasName: z.string().regex(/^alias\/[\w/-]+$/), TargetKeyId: z.string() });

export const kmsProvisioners = (ring: KeyRing, deps: KmsDeps): Provisioner[] => [key(ring, deps), alias(ring, deps)];

/** A template without a policy leaves the key to the account's IAM, as CloudFormation does. */
const leftToIam = (account: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" }],
});

function key({ keys }: KeyRing, { clock, ids, store, region, account, setResourcePolicy }: KmsDeps): Provisioner {
  const arnOf = (id: string) => `arn:aws:kms:${region}:${account}:key/${id}`;
  return {
    type: "AWS::KMS::Key",
    async apply({ physicalId, properties }) {
      const wanted = Key.parse(properties);
      const id = physicalId ?? ids.uuid();
      const arn = arnOf(id);
      keys.put(arn, {
        ...{ arn, id, description: wanted.Description, rotates: wanted.EnableKeyRotation },
        state: wanted.Enabled ? "Enabled" : "Disabled",
        tags: Object.fromEntries(wanted.Tags.map(({ Key: name, Value }) => [name, Value])),
        createdAt: keys.get(arn)?.createdAt ?? clock.now(),
      });
      await setResourcePolicy(arn, wanted.KeyPolicy ?? leftToIam(account));
      await store.commit();
      return { ref: id, attributes: { Arn: arn, KeyId: id } };
    },
    async remove(id) {
      const known = keys.get(arnOf(id));
      if (known) keys.put(known.arn, { ...known, state: "PendingDeletion" });
      await store.commit();
    },
  };
}

function alias(ring: KeyRing, { store }: KmsDeps): Provisioner {
  return {
    type: "AWS::KMS::Alias",
    async apply({ properties }) {
      const { AliasName, TargetKeyId } = Alias.parse(properties);
      ring.aliases.put(AliasName, ring.arnOf(TargetKeyId));
      await store.commit();
      return { ref: AliasName, attributes: {} };
    },
    async remove(name) {
      ring.aliases.delete(name);
      await store.commit();
    },
  };
}
