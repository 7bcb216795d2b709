/** The way of the notebooks for domains, with the SDK for JavaScript: a VIDEO_ON_DEMAND group, a recommender, events, stop and start, cleanup. */
import * as personalize from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient, PutEventsCommand } from "@aws-sdk/client-personalize-events";
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { setTimeout } from "node:timers/promises";

const pollMs = Number(process.env.POLL_SECONDS ?? "60") * 1000;
const client = new personalize.PersonalizeClient({});
const runtime = new PersonalizeRuntimeClient({});
const send = (name, input = {}) => client.send(new personalize[`${name}Command`](input));
const { Account } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
const bucket = "personalize-films";
const name = "films";

async function until(noun, arn, wanted = "ACTIVE") {
  const member = noun.charAt(0).toLowerCase() + noun.slice(1);
  for (;;) {
    const { [member]: resource } = await send(`Describe${noun}`, { [`${member}Arn`]: arn });
    if (resource.status === wanted) return resource;
    if (/FAILED/.test(resource.status)) throw new Error(`${arn}: ${resource.failureReason}`);
    await setTimeout(pollMs);
  }
}

async function gone(noun, arn) {
  const member = noun.charAt(0).toLowerCase() + noun.slice(1);
  await send(`Delete${noun}`, { [`${member}Arn`]: arn });
  for (;;) {
    try {
      await send(`Describe${noun}`, { [`${member}Arn`]: arn });
    } catch (error) {
      if (error instanceof personalize.ResourceNotFoundException) return;
      throw error;
    }
    await setTimeout(pollMs);
  }
}

const s3 = new S3Client({ forcePathStyle: true });
await s3.send(new CreateBucketCommand({ Bucket: bucket }));
const Statement = [
  {
    Effect: "Allow",
    Principal: { Service: "personalize.amazonaws.com" },
    Action: ["s3:GetObject", "s3:ListBucket"],
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  },
];
const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
const rows = ["USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE"];
for (let user = 0; user < 80; user++) {
  for (let step = 0; step < 20; step++) {
    rows.push(`${user},${(user % 3) * 10 + ((step * 7) % 12)},${1_760_000_000 + user * 900 + step * 30},Watch`);
  }
}
await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "watched.csv", Body: `${rows.join("\n")}\n` }));

const fields = ["USER_ID", "ITEM_ID", "EVENT_TYPE"].map((field) => ({ name: field, type: "string" }));
const schema = JSON.stringify({
  type: "record",
  name: "Interactions",
  namespace: "com.amazonaws.personalize.schema",
  fields: [...fields.slice(0, 2), { name: "TIMESTAMP", type: "long" }, fields[2]],
  version: "1.0",
});
const domain = "VIDEO_ON_DEMAND";
const { schemaArn } = await send("CreateSchema", { name, schema, domain });
const { datasetGroupArn } = await send("CreateDatasetGroup", { name, domain });
await until("DatasetGroup", datasetGroupArn);
const { datasetArn } = await send("CreateDataset", { name, schemaArn, datasetGroupArn, datasetType: "Interactions" });
await until("Dataset", datasetArn);
const { datasetImportJobArn } = await send("CreateDatasetImportJob", {
  jobName: name,
  datasetArn,
  dataSource: { dataLocation: `s3://${bucket}/watched.csv` },
  roleArn: `arn:aws:iam::${Account}:role/PersonalizeRole`,
});
await until("DatasetImportJob", datasetImportJobArn);

const found = [];
for await (const page of personalize.paginateListRecipes({ client, pageSize: 3 }, { domain }))
  found.push(...page.recipes);
const recipeArn = found.find((recipe) => recipe.name === "aws-vod-most-popular").recipeArn;
const { recommenderArn } = await send("CreateRecommender", { name, datasetGroupArn, recipeArn });
const { modelMetrics } = await until("Recommender", recommenderArn);
const { trackingId, eventTrackerArn } = await send("CreateEventTracker", { name, datasetGroupArn });
await until("EventTracker", eventTrackerArn);
await new PersonalizeEventsClient({}).send(
  new PutEventsCommand({
    ...{ trackingId, userId: "1", sessionId: "evening" },
    eventList: [{ eventType: "Watch", itemId: "3", sentAt: new Date() }],
  }),
);
const list = async () => {
  const asked = new GetRecommendationsCommand({ recommenderArn, userId: "1", numResults: 5 });
  return (await runtime.send(asked)).itemList.length;
};
const before = await list();
await send("StopRecommender", { recommenderArn });
await until("Recommender", recommenderArn, "INACTIVE");
const stopped = await list().catch((error) => error.name);
await send("StartRecommender", { recommenderArn });
await until("Recommender", recommenderArn);
const after = await list();

await gone("Recommender", recommenderArn);
await gone("EventTracker", eventTrackerArn);
await gone("Dataset", datasetArn);
await gone("DatasetGroup", datasetGroupArn);
await send("DeleteSchema", { schemaArn });
console.log(
  JSON.stringify({ recipes: found.length, metrics: Object.keys(modelMetrics).length, before, stopped, after }),
);
