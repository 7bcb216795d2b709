/** A whole cloud with a bucket, for tests that speak to Glue through the SDK. Its clock jumps. */
import { GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededIds, seededRandom } from "../../../local/cloud/boot/chance.ts";
import { type Cloud, startCloud } from "../../../local/cloud/boot/start-cloud.ts";
import { createJumpingClock, type JumpingClock } from "../../../local/cloud/clock/jumping-clock.ts";

export interface GlueCloud {
  readonly cloud: Cloud;
  readonly clock: JumpingClock;
  readonly glue: GlueClient;
  readonly s3: S3Client;
  readonly log: readonly string[];
  /** Resolves when somebody asks STS who they are: scripts do it to say that they run. */
  askedWho(): Promise<void>;
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** Ends this cloud as a crash would find it on disk, and starts one on the same state. */
  restart(): Promise<GlueCloud>;
  close(): Promise<void>;
}

export const bucket = "lake";
export const roleArn = "arn:aws:iam::000000000000:role/glue";

export interface GlueCloudOptions {
  readonly stateDir?: string;
  readonly seed?: number;
  /** False: roles that no template declared may do nothing. */
  readonly bare?: boolean;
}

export async function startGlueCloud(options: GlueCloudOptions = {}): Promise<GlueCloud> {
  const { seed = 1, bare = true } = options;
  const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), "outrank-glue-"));
  const clock = createJumpingClock();
  const log: string[] = [];
  const waiting: (() => void)[] = [];
  const cloud = await startCloud({
    ...{ stateDir, port: 0, clock, ids: seededIds(seed), random: seededRandom(seed), bare },
    fault: ({ operation }, next) => {
      if (operation === "GetCallerIdentity") for (const wake of waiting.splice(0)) wake();
      return next();
    },
    log: (line) => void log.push(line),
  });
  const settings = {
    ...{ endpoint: cloud.url, region: "us-east-1", maxAttempts: 1 },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const glue = new GlueClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  if (options.stateDir === undefined) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await cloud.resume();
  const end = async () => {
    glue.destroy();
    s3.destroy();
    await cloud.close();
  };
  return {
    ...{ cloud, clock, glue, s3, log },
    askedWho: () => new Promise((resolve) => void waiting.push(resolve)),
    put: async (Key, Body) => void (await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))),
    async restart() {
      await end();
      return startGlueCloud({ ...options, stateDir, seed: seed + 1 });
    },
    async close() {
      await end();
      rmSync(stateDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
