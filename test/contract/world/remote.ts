/**
 * The service itself as a place for the contract, with the ambient credentials and region. Everything is named after the run and torn
 * down at its end, in the order that the service demands; jobs and solution versions cannot be deleted by anybody.
 */
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient } from "@aws-sdk/client-personalize-events";
import { PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { setTimeout } from "node:timers/promises";
import { bucketPolicy } from "./bucket-policy.ts";
import { describing, isResting, teardownOrder } from "./lifecycle.ts";
import type { Place, World } from "./world.ts";

const pollMs = 20_000;
const patienceMs = 3 * 3_600_000;

/** @param roleArn a role that Personalize may assume, with read and write access to buckets named outrank-contract-*. */
export async function openRemote(roleArn: string, runId: string): Promise<Place> {
  const control = new PersonalizeClient({ maxAttempts: 10, retryMode: "adaptive" });
  const region = await control.config.region();
  const s3 = new S3Client({});
  const { Account: account = "" } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const bucket = `outrank-contract-${runId}`;
  const elsewhere = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
  await s3.send(new CreateBucketCommand({ Bucket: bucket, ...(elsewhere as object) }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: bucketPolicy(bucket) }));
  return {
    clients: { control, runtime: new PersonalizeRuntimeClient({}), events: new PersonalizeEventsClient({}), s3 },
    ...{ account, region, bucket, roleArn, runId },
    async upload(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    },
    still: (run) => run(),
    rest: async (created, call) => {
      for (const arn of created) await untilResting(arn, call);
    },
    tidy: (created, call) => tearDown(created, call),
    close: () => emptied(s3, bucket),
  };
}

/** Polls until the resource is neither pending nor in progress, or is gone. */
async function untilResting(arn: string, call: World["call"]): Promise<void> {
  const how = describing(arn);
  if (!how) return;
  for (const end = Date.now() + patienceMs; Date.now() < end; await setTimeout(pollMs)) {
    const answer = await call(how.operation, how.input).catch(ignoringNotFound);
    if (answer === undefined || isResting((answer as Record<string, { status?: string }>)[how.member]?.status)) return;
  }
  throw new Error(`${arn} did not come to rest in ${patienceMs / 3_600_000} hours`);
}

function ignoringNotFound(error: unknown): undefined {
  if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
  throw error;
}

async function tearDown(created: readonly string[], call: World["call"]): Promise<void> {
  for (const { operation, member, arns } of teardownOrder(created)) {
    for (const arn of arns) await untilResting(arn, call);
    for (const arn of arns) await call(operation, { [member]: arn }).catch(ignoringNotFound);
    for (const arn of arns) await untilResting(arn, call);
  }
}

async function emptied(s3: S3Client, bucket: string): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const Objects = Contents.map(({ Key }) => ({ Key }));
  if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
}
