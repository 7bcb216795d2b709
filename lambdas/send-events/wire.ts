/** Real clients for the handler. */
import { DescribeEventTrackerCommand, paginateListEventTrackers, PersonalizeClient } from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient, PutEventsCommand } from "@aws-sdk/client-personalize-events";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AvroSchema } from "../../pipeline/config/avro-schema.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(
  BucketEnvironment.extend({ GROUP: z.string(), DATASET_GROUP_ARN: z.string(), SCHEMA: z.string() }),
);
const personalize = new PersonalizeClient({});
const events = new PersonalizeEventsClient({});
const s3 = new S3Client({});

async function findTrackingId(): Promise<string | null> {
  const request = { datasetGroupArn: env.DATASET_GROUP_ARN };
  for await (const page of paginateListEventTrackers({ client: personalize }, request)) {
    for (const { eventTrackerArn, status } of page.eventTrackers ?? []) {
      if (status !== "ACTIVE") continue;
      const { eventTracker } = await personalize.send(new DescribeEventTrackerCommand({ eventTrackerArn }));
      return eventTracker?.trackingId ?? null;
    }
  }
  return null;
}

/** A tracker's id never changes; one that is not there yet is looked for again. */
function remembering(find: () => Promise<string | null>): () => Promise<string | null> {
  let known: string | null = null;
  return async () => (known ??= await find());
}

export const handler = logged(
  "send-events",
  makeHandler({
    group: env.GROUP,
    schema: AvroSchema.parse(JSON.parse(env.SCHEMA)),
    trackingId: remembering(findTrackingId),
    async archive(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket: env.BUCKET, Key, Body, ContentType: "text/csv" }));
    },
    async put(trackingId, { userId, sessionId, eventList }, sentAt) {
      const list = eventList.map(({ properties, ...event }, at) => ({
        ...event,
        sentAt: sentAt[at],
        ...(properties === undefined ? {} : { properties: JSON.stringify(properties) }),
      }));
      await events.send(new PutEventsCommand({ trackingId, userId, sessionId, eventList: list }));
    },
    now: () => Date.now(),
    uuid: randomUUID,
  }),
);
