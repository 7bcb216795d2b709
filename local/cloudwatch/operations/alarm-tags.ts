/** TagResource, UntagResource and ListTagsForResource, of alarms; nothing else of CloudWatch has tags here. */
import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { Alarm, Answer, CloudWatch } from "../alarms-and-dashboards.ts";

export function listTagsForResource(
  cloudWatch: CloudWatch,
  { ResourceARN }: ListTagsForResourceCommandInput,
): Answer<ListTagsForResourceCommandOutput> {
  return { Tags: [...(alarmNamed(cloudWatch, ResourceARN).tags ?? [])] };
}

export async function tagResource(
  cloudWatch: CloudWatch,
  { ResourceARN, Tags = [] }: TagResourceCommandInput,
): Promise<void> {
  const given = new Set(Tags.map(({ Key }) => Key));
  await keep(cloudWatch, ResourceARN, (tags) => [...tags.filter(({ Key }) => !given.has(Key)), ...Tags]);
}

export async function untagResource(
  cloudWatch: CloudWatch,
  { ResourceARN, TagKeys = [] }: UntagResourceCommandInput,
): Promise<void> {
  await keep(cloudWatch, ResourceARN, (tags) => tags.filter(({ Key }) => !TagKeys.includes(Key ?? "")));
}

type Tags = NonNullable<Alarm["tags"]>;

async function keep(cloudWatch: CloudWatch, arn: string | undefined, change: (tags: Tags) => Tags): Promise<void> {
  const alarm = alarmNamed(cloudWatch, arn);
  cloudWatch.alarms.put(alarm.name, { ...alarm, tags: change(alarm.tags ?? []) });
  await cloudWatch.deps.store.commit();
}

function alarmNamed({ alarms }: CloudWatch, wanted: string | undefined): Alarm {
  const found = [...alarms.values()].find(({ arn }) => arn === wanted);
  if (!found) throw new AwsError("ResourceNotFoundException", `There is no alarm ${wanted}.`, { status: 404 });
  return found;
}
