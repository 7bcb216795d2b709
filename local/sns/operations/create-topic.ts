/** CreateTopic: the same name with the same attributes is the same topic. */
import type { CreateTopicCommandInput, CreateTopicCommandOutput } from "@aws-sdk/client-sns";
import { type Answer, invalidParameter, type Sns, topicArn } from "../topics.ts";

export async function createTopic(sns: Sns, input: CreateTopicCommandInput): Promise<Answer<CreateTopicCommandOutput>> {
  const { Name: name = "", Attributes: attributes = {}, Tags: tags = [] } = input;
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name.replace(/\.fifo$/, "")) || name.length > 256) {
    throw invalidParameter("Topic Name");
  }
  if (name.endsWith(".fifo") !== (attributes.FifoTopic === "true")) {
    throw invalidParameter(
      "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long",
    );
  }
  const arn = topicArn(sns, name);
  const known = sns.topics.get(arn);
  const differs = known && Object.entries(attributes).some(([key, value]) => known.attributes[key] !== value);
  if (differs) throw invalidParameter("Attributes Reason: Topic already exists with different attributes");
  if (!known) {
    const tagged = Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
    sns.topics.put(arn, { arn, name, attributes, tags: tagged });
    await sns.deps.store.commit();
  }
  if (attributes.Policy !== undefined) await sns.deps.setResourcePolicy(arn, attributes.Policy);
  return { TopicArn: arn };
}
