/**
 * An embedded cloud in a process of its own with a live hrnn campaign of many items, its filter and its event tracker, made over
 * the API as anybody would: what bench/serving.ts and bench/load.ts ask.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateEventTrackerCommand,
  CreateFilterCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeDatasetImportJobCommand,
  DescribeEventTrackerCommand,
  DescribeFilterCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  PersonalizeClient,
} from "@aws-sdk/client-personalize";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { projectRoot } from "../local/cloud/project-root.ts";

const cli = join(projectRoot(), "local", "cli", "outrank.mjs");
const roleArn = "arn:aws:iam::000000000000:role/bench";

export interface Process {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a server that says "listening on <url>". */
export async function started(args: readonly string[]): Promise<Process> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  if (child.stdout === null) throw new Error("no stdout");
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^listening on (\S+)$/.exec(line) ?? [];
    if (url === undefined) continue;
    const stop = async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    };
    return { url, pid: child.pid ?? 0, stop };
  }
  throw new Error(`${args.join(" ")} ended before it listened`);
}

/** Answers the same bytes to every request, in a process of its own like the cloud. */
export const emptyServer = (bytes: number) => `
const answer = JSON.stringify({ text: "x".repeat(${bytes}) });
const server = require("node:http").createServer((incoming, outgoing) => {
  incoming.resume().on("end", () => outgoing.writeHead(200, { "content-type": "application/json" }).end(answer));
});
server.listen(0, "127.0.0.1", () => console.log("listening on http://127.0.0.1:" + server.address().port));`;

/** Megabytes of memory that a process holds now (Linux; NaN elsewhere). */
export function residentMegabytes(pid: number): number {
  try {
    const [, kilobytes = "NaN"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return NaN;
  }
}

export interface BenchShop {
  readonly items: number;
  readonly users: number;
  readonly eventsPerUser: number;
}

export interface ServingCloud extends Process {
  readonly campaignArn: string;
  readonly filterArn: string;
  readonly trackingId: string;
  /** Starts another training of the same solution, and says whether it is still at work. */
  train(): Promise<() => Promise<boolean>>;
}

const readableByPersonalize = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "personalize.amazonaws.com" },
      Action: ["s3:GetObject", "s3:ListBucket"],
      Resource: ["arn:aws:s3:::bench", "arn:aws:s3:::bench/*"],
    },
  ],
});

const field = (name: string, more: object = {}) => ({ name, type: "string", ...more });

const schemas = {
  Interactions: [field("USER_ID"), field("ITEM_ID"), { name: "TIMESTAMP", type: "long" }, field("EVENT_TYPE")],
  Items: [field("ITEM_ID"), field("GENRE", { categorical: true }), { name: "PRICE", type: "float" }],
};

/** Neighbouring items follow one another, so that there is something to learn; the popular ones come first. */
function interactionsOf({ items, users, eventsPerUser }: BenchShop): string {
  const lines = ["USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE"];
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let user = 0; user < users; user++) {
    let item = Math.floor(items * random() ** 2);
    for (let n = 0; n < eventsPerUser; n++) {
      item = random() < 0.7 ? (item + 1 + Math.floor(5 * random())) % items : Math.floor(items * random() ** 2);
      lines.push(`u${user},i${item},${1_760_000_000 + 3600 * n + user},View`);
    }
  }
  return lines.join("\n");
}

const itemsOf = ({ items }: BenchShop) =>
  ["ITEM_ID,GENRE,PRICE", ...Array.from({ length: items }, (_, n) => `i${n},g${n % 20}|h${n % 7},${n % 100}`)].join(
    "\n",
  );

export async function startServingCloud(state: string, shop: BenchShop): Promise<ServingCloud> {
  const cloud = await started([cli, "up", "--bare", "--state", state, "--port", "0", "--time-scale", "600"]);
  try {
    return { ...cloud, ...(await prepared(cloud.url, shop)) };
  } catch (error) {
    await cloud.stop();
    throw error;
  }
}

async function prepared(url: string, shop: BenchShop): Promise<Omit<ServingCloud, keyof Process>> {
  const place = { endpoint: url, region: "us-east-1", credentials: { accessKeyId: "bench", secretAccessKey: "bench" } };
  const client = new PersonalizeClient(place);
  const storage = new S3Client({ ...place, forcePathStyle: true });
  await storage.send(new CreateBucketCommand({ Bucket: "bench" }));
  await storage.send(new PutBucketPolicyCommand({ Bucket: "bench", Policy: readableByPersonalize }));
  const { datasetGroupArn } = await client.send(new CreateDatasetGroupCommand({ name: "bench" }));
  await active(
    async () => (await client.send(new DescribeDatasetGroupCommand({ datasetGroupArn }))).datasetGroup?.status,
  );
  const contents = { Interactions: interactionsOf(shop), Items: itemsOf(shop) };
  for (const type of ["Interactions", "Items"] as const) {
    await storage.send(new PutObjectCommand({ Bucket: "bench", Key: `${type}.csv`, Body: contents[type] }));
    await imported(client, datasetGroupArn ?? "", type);
  }
  const made = { name: "bench", datasetGroupArn };
  const { trackingId = "", eventTrackerArn } = await client.send(new CreateEventTrackerCommand(made));
  await active(
    async () => (await client.send(new DescribeEventTrackerCommand({ eventTrackerArn }))).eventTracker?.status,
  );
  const filterExpression =
    'INCLUDE ItemID WHERE Items.PRICE < 80 | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("Purchase")';
  const { filterArn = "" } = await client.send(new CreateFilterCommand({ ...made, filterExpression }));
  await active(async () => (await client.send(new DescribeFilterCommand({ filterArn }))).filter?.status);
  const campaign = await deployed(client, datasetGroupArn ?? "");
  return { ...campaign, filterArn, trackingId };
}

async function imported(client: PersonalizeClient, datasetGroupArn: string, type: keyof typeof schemas): Promise<void> {
  const schema = JSON.stringify({ type: "record", name: type, fields: schemas[type], version: "1.0" });
  const { schemaArn } = await client.send(new CreateSchemaCommand({ name: type, schema }));
  const dataset = { name: type, schemaArn, datasetGroupArn, datasetType: type };
  const { datasetArn } = await client.send(new CreateDatasetCommand(dataset));
  await active(async () => (await client.send(new DescribeDatasetCommand({ datasetArn }))).dataset?.status);
  const dataSource = { dataLocation: `s3://bench/${type}.csv` };
  const job = { jobName: type, datasetArn, dataSource, roleArn };
  const { datasetImportJobArn } = await client.send(new CreateDatasetImportJobCommand(job));
  const statusOf = async () => {
    const { datasetImportJob } = await client.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }));
    if (datasetImportJob?.failureReason) throw new Error(`Import of ${type}: ${datasetImportJob.failureReason}`);
    return datasetImportJob?.status;
  };
  await active(statusOf);
}

async function deployed(client: PersonalizeClient, datasetGroupArn: string) {
  const recipeArn = "arn:aws:personalize:::recipe/aws-hrnn";
  const solution = { name: "bench", datasetGroupArn, recipeArn, performAutoTraining: false };
  const { solutionArn } = await client.send(new CreateSolutionCommand(solution));
  await active(async () => (await client.send(new DescribeSolutionCommand({ solutionArn }))).solution?.status);
  const statusOf = async (solutionVersionArn: string | undefined) =>
    (await client.send(new DescribeSolutionVersionCommand({ solutionVersionArn }))).solutionVersion?.status;
  const { solutionVersionArn } = await client.send(new CreateSolutionVersionCommand({ solutionArn }));
  await active(() => statusOf(solutionVersionArn));
  const { campaignArn = "" } = await client.send(new CreateCampaignCommand({ name: "bench", solutionVersionArn }));
  await active(async () => (await client.send(new DescribeCampaignCommand({ campaignArn }))).campaign?.status);
  const train = async () => {
    const another = await client.send(new CreateSolutionVersionCommand({ solutionArn }));
    return async () => !/^(ACTIVE|.*FAILED)$/.test((await statusOf(another.solutionVersionArn)) ?? "");
  };
  return { campaignArn, train };
}

/** @throws Error when it failed */
async function active(statusOf: () => Promise<string | undefined>): Promise<void> {
  for (let status = await statusOf(); status !== "ACTIVE"; status = await statusOf()) {
    if (status?.includes("FAILED")) throw new Error(`What the benchmark made ended as ${status}`);
    await wait(100);
  }
}
