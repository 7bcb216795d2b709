/** The embedded cloud as a place for the contract: jumping clock, trainings in this process, quotas as a test wants them. */
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient } from "@aws-sdk/client-personalize-events";
import { PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededIds, seededRandom } from "../../../local/cloud/boot/chance.ts";
import { startCloud } from "../../../local/cloud/boot/start-cloud.ts";
import { createJumpingClock } from "../../../local/cloud/clock/jumping-clock.ts";
import type { Quotas } from "../../../local/personalize/settings.ts";
import { bucketPolicy } from "./bucket-policy.ts";
import type { Place } from "./world.ts";

/** Room for every case, so that only cases about quotas meet one. */
const roomy: Partial<Quotas> = {
  datasetGroups: 100,
  solutionsPerDatasetGroup: 100,
  campaignsPerDatasetGroup: 100,
  filtersPerDatasetGroup: 100,
  recommendersPerDatasetGroup: 100,
};

export async function openLocal(quotas: Partial<Quotas> = {}): Promise<Place> {
  const stateDir = mkdtempSync(join(tmpdir(), "outrank-contract-"));
  const clock = createJumpingClock();
  const cloud = await startCloud({
    ...{ stateDir, port: 0, clock, ids: seededIds(11), random: seededRandom(11), bare: true, log: () => {} },
    training: { run: "here" },
    personalize: { automaticTraining: false, quotas: { ...roomy, ...quotas } },
  });
  await cloud.resume();
  const settings = {
    ...{ endpoint: cloud.url, region: cloud.region, maxAttempts: 1 },
    credentials: { accessKeyId: "contract", secretAccessKey: "contract" },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const bucket = "contract";
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: bucketPolicy(bucket) }));
  const clients = {
    control: new PersonalizeClient(settings),
    runtime: new PersonalizeRuntimeClient(settings),
    events: new PersonalizeEventsClient(settings),
    s3,
  };
  return {
    ...{ clients, account: cloud.account, region: cloud.region, bucket, runId: "local" },
    roleArn: `arn:aws:iam::${cloud.account}:role/contract`,
    async upload(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    },
    async still(run) {
      const release = clock.hold();
      try {
        return await run();
      } finally {
        release();
      }
    },
    rest: () => clock.idle(),
    tidy: async () => {},
    async close() {
      for (const client of Object.values(clients)) client.destroy();
      await cloud.close();
      rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
