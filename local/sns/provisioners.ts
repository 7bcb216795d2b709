/** SNS in templates: AWS::SNS::Topic, AWS::SNS::TopicPolicy, AWS::SNS::Subscription. */
import { physicalName } from "../cloud/ports/physical-name.ts";
import type { Provisioner } from "../cloud/ports/service.ts";
import { createTopic } from "./operations/create-topic.ts";
import { deleteTopic } from "./operations/delete-topic.ts";
import { subscribe, unsubscribe } from "./operations/subscriptions.ts";
import { tagResource } from "./operations/tags.ts";
import type { Sns } from "./topics.ts";

type Properties = Readonly<Record<string, unknown>>;
type Tag = { readonly Key: string; readonly Value: string };

export function snsProvisioners(sns: Sns): Provisioner[] {
  return [topic(sns), topicPolicy(sns), subscription(sns)];
}

function topic(sns: Sns): Provisioner {
  return {
    type: "AWS::SNS::Topic",
    async apply({ stackName, logicalId, properties }) {
      const name = textOf(properties, "TopicName") ?? physicalName(stackName, logicalId, 256);
      const { TopicArn: arn = "" } = await createTopic(sns, {
        Name: name,
        ...(name.endsWith(".fifo") && { Attributes: { FifoTopic: "true" } }),
      });
      const wanted = attributesOf(properties, ["DisplayName", "KmsMasterKeyId", "FifoTopic", "SignatureVersion"]);
      const known = sns.topics.get(arn);
      if (known) sns.topics.put(arn, { ...known, attributes: { ...policyOf(known.attributes), ...wanted } });
      // CloudFormation resolved these; their forms are the resource type's.
      const { Tags = [], Subscription = [] } = properties as { Tags?: Tag[]; Subscription?: Properties[] };
      await tagResource(sns, { ResourceArn: arn, Tags: [...Tags] });
      for (const inline of Subscription) await subscribe(sns, subscriptionInput(arn, inline));
      return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
    },
    remove: (arn) => deleteTopic(sns, { TopicArn: arn }),
  };
}

/** The policy is a resource of its own and stays when the topic's properties change. */
function policyOf({ Policy }: Readonly<Record<string, string>>): Record<string, string> {
  return Policy === undefined ? {} : { Policy };
}

function topicPolicy(sns: Sns): Provisioner {
  return {
    type: "AWS::SNS::TopicPolicy",
    async apply({ stackName, logicalId, properties }) {
      const { Topics = [], PolicyDocument = {} } = properties as { Topics?: string[]; PolicyDocument?: object };
      for (const arn of Topics) {
        const known = sns.topics.get(arn);
        if (!known) throw new Error(`${logicalId}: there is no topic ${arn} to give a policy`);
        sns.topics.put(arn, { ...known, attributes: { ...known.attributes, Policy: JSON.stringify(PolicyDocument) } });
        await sns.deps.setResourcePolicy(arn, PolicyDocument);
      }
      const ref = physicalName(stackName, logicalId, 128);
      sns.deps.store.table<readonly string[]>("sns/topic-policies").put(ref, Topics);
      await sns.deps.store.commit();
      return { ref, attributes: { Id: ref } };
    },
    async remove(ref) {
      const policies = sns.deps.store.table<readonly string[]>("sns/topic-policies");
      for (const arn of policies.get(ref) ?? []) {
        const known = sns.topics.get(arn);
        if (!known) continue;
        const kept = Object.entries(known.attributes).filter(([name]) => name !== "Policy");
        sns.topics.put(arn, { ...known, attributes: Object.fromEntries(kept) });
        await sns.deps.setResourcePolicy(arn, undefined);
      }
      policies.delete(ref);
      await sns.deps.store.commit();
    },
  };
}

function subscription(sns: Sns): Provisioner {
  return {
    type: "AWS::SNS::Subscription",
    async apply({ properties }) {
      const topicArn = textOf(properties, "TopicArn") ?? "";
      const { SubscriptionArn: arn = "" } = await subscribe(sns, subscriptionInput(topicArn, properties));
      return { ref: arn, attributes: { Arn: arn } };
    },
    remove: (arn) => unsubscribe(sns, { SubscriptionArn: arn }),
  };
}

function subscriptionInput(topicArn: string, properties: Properties) {
  const policy = properties.FilterPolicy;
  return {
    TopicArn: topicArn,
    Protocol: textOf(properties, "Protocol") ?? "",
    Endpoint: textOf(properties, "Endpoint") ?? "",
    Attributes: {
      ...attributesOf(properties, ["FilterPolicyScope", "RawMessageDelivery"]),
      ...(policy !== undefined && { FilterPolicy: JSON.stringify(policy) }),
    },
  };
}

/** Properties that are attributes of the same name, as text. */
function attributesOf(properties: Properties, names: readonly string[]): Record<string, string> {
  const given = names.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, String(properties[name])]));
}

function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" ? value : undefined;
}
