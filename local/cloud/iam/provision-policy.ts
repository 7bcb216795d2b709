/** AWS::IAM::Policy (inline, Ref is its name), AWS::IAM::ManagedPolicy (Ref is its ARN), AWS::Logs::ResourcePolicy. */
import * as z from "zod";
import type { Provisioner, ServiceDeps } from "../ports/service.ts";
import { physicalName } from "../ports/physical-name.ts";
import type { AttachedPolicy, IamStore } from "./iam-store.ts";
import { parsePolicy } from "./policy-document.ts";
import { logsPolicyKey } from "./resource-policies.ts";

const Document = z.record(z.string(), z.unknown());
/** Users and groups do not exist in the embedded cloud; naming one would silently grant nothing. */
const Nobody = z.array(z.string()).max(0, "the embedded cloud has roles only, no users or groups").default([]);
const Attachments = { Roles: z.array(z.string()).default([]), Users: Nobody, Groups: Nobody };

const InlineProperties = z.object({ PolicyName: z.string(), PolicyDocument: Document, ...Attachments });
const ManagedProperties = z.object({
  ManagedPolicyName: z.string().optional(),
  Path: z.string().default("/"),
  PolicyDocument: Document,
  ...Attachments,
});
const LogsProperties = z.object({ PolicyName: z.string(), PolicyDocument: z.union([z.string(), Document]) });

async function keep(iam: IamStore, key: string, policy: AttachedPolicy): Promise<void> {
  parsePolicy(policy.document);
  if (JSON.stringify(iam.policies.get(key)) !== JSON.stringify(policy)) iam.policies.put(key, policy);
  await iam.commit();
}

const forget = (iam: IamStore) => async (key: string) => {
  iam.policies.delete(key);
  await iam.commit();
};

export function policyProvisioner(iam: IamStore): Provisioner {
  return {
    type: "AWS::IAM::Policy",
    async apply({ stackName, logicalId, properties }) {
      const wanted = InlineProperties.parse(properties);
      const ref = physicalName(stackName, logicalId);
      await keep(iam, ref, { name: wanted.PolicyName, document: wanted.PolicyDocument, roles: wanted.Roles });
      return { ref, attributes: { Id: ref } };
    },
    remove: forget(iam),
  };
}

export function managedPolicyProvisioner(iam: IamStore, { account }: Pick<ServiceDeps, "account">): Provisioner {
  return {
    type: "AWS::IAM::ManagedPolicy",
    async apply({ stackName, logicalId, properties }) {
      const wanted = ManagedProperties.parse(properties);
      const name = wanted.ManagedPolicyName ?? physicalName(stackName, logicalId, 128);
      const arn = `arn:aws:iam::${account}:policy${wanted.Path}${name}`;
      await keep(iam, arn, { name, document: wanted.PolicyDocument, roles: wanted.Roles });
      return { ref: arn, attributes: { PolicyArn: arn } };
    },
    remove: forget(iam),
  };
}

export function logsResourcePolicyProvisioner(
  iam: IamStore,
  { account, region }: Pick<ServiceDeps, "account" | "region">,
): Provisioner {
  const keyOf = (name: string) => logsPolicyKey(region, account, name);
  return {
    type: "AWS::Logs::ResourcePolicy",
    async apply({ properties }) {
      const { PolicyName: name, PolicyDocument: given } = LogsProperties.parse(properties);
      const document = typeof given === "string" ? (JSON.parse(given) as object) : given;
      parsePolicy(document);
      if (JSON.stringify(iam.resources.get(keyOf(name))?.document) !== JSON.stringify(document)) {
        iam.resources.put(keyOf(name), { document });
      }
      await iam.commit();
      return { ref: name, attributes: {} };
    },
    async remove(name) {
      iam.resources.delete(keyOf(name));
      await iam.commit();
    },
  };
}
