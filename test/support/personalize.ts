/** Personalize on a fake data plane, a memory store and the jumping clock, with short words for what tests do often. */
import { Readable } from "node:stream";
import { createJumpingClock, type JumpingClock } from "../../local/cloud/clock/jumping-clock.ts";
import { memoryStore } from "../../local/cloud/journal/memory-store.ts";
import { AwsError } from "../../local/cloud/ports/aws-error.ts";
import type { Ids } from "../../local/cloud/ports/clock.ts";
import type { Keys } from "../../local/cloud/ports/keys.ts";
import type { Authorizer, AwsCalls, CallContext, ObjectInfo, ObjectStore } from "../../local/cloud/ports/service.ts";
import type { Store } from "../../local/cloud/ports/store.ts";
import { createPersonalize, type Personalize } from "../../local/personalize/personalize.ts";
import type { PersonalizeOptions } from "../../local/personalize/settings.ts";
import type { Recipe } from "../../local/recipes/recipe.ts";
import type { JobRunner } from "../../local/personalize/job-runner.ts";
import { fakeJobRunner, type FakeJobRunner } from "./fake-job-runner.ts";

export const roleArn = "arn:aws:iam::000000000000:role/import";

export const interactionsSchema = JSON.stringify({
  type: "record",
  name: "Interactions",
  namespace: "com.amazonaws.personalize.schema",
  fields: [
    { name: "USER_ID", type: "string" },
    { name: "ITEM_ID", type: "string" },
    { name: "TIMESTAMP", type: "long" },
    { name: "EVENT_TYPE", type: "string" },
    { name: "DEVICE_TYPE", type: ["null", "string"], categorical: true },
  ],
  version: "1.0",
});

export const itemsSchema = JSON.stringify({
  type: "record",
  name: "Items",
  namespace: "com.amazonaws.personalize.schema",
  fields: [
    { name: "ITEM_ID", type: "string" },
    { name: "GENRE", type: "string", categorical: true },
    { name: "PRICE", type: ["null", "float"] },
  ],
  version: "1.0",
});

/** Recipes by their real names that nobody trains: the data plane is a fake. */
const recipeTable = (): Record<string, Recipe> => {
  const fake = (name: string, type: Recipe["type"], more: Partial<Recipe> = {}): [string, Recipe] => [
    name,
    {
      name,
      type,
      algorithm: [],
      featureTransformation: [],
      realTime: true,
      train: () => Promise.reject(new Error("the fake data plane trains")),
      save: () => ({}),
      load: () => {
        throw new Error("the fake data plane loads");
      },
      ...more,
    },
  ];
  const hidden = {
    kind: "integer",
    name: "hidden_dimension",
    default: "43",
    min: 32,
    max: 256,
    tunable: true,
  } as const;
  const mask = {
    kind: "choice",
    name: "recency_mask",
    default: "true",
    values: ["true", "false"],
    tunable: true,
  } as const;
  const share = { kind: "float", name: "max_share", default: "0.99", min: 0, max: 1, tunable: false } as const;
  return Object.fromEntries([
    fake("aws-hrnn", "USER_PERSONALIZATION", { algorithm: [hidden, mask], featureTransformation: [share] }),
    fake("aws-user-personalization", "USER_PERSONALIZATION"),
    fake("aws-user-personalization-v2", "USER_PERSONALIZATION"),
    fake("aws-popularity-count", "POPULAR_ITEMS"),
    fake("aws-sims", "RELATED_ITEMS"),
    fake("aws-similar-items", "RELATED_ITEMS"),
    fake("aws-personalized-ranking", "PERSONALIZED_RANKING"),
    fake("aws-item-affinity", "USER_SEGMENTATION"),
    fake("aws-item-attribute-affinity", "USER_SEGMENTATION"),
  ]);
};

/** Unique and the same in every run. */
function countingIds(): Ids {
  let count = 0;
  const next = (digits: number) => (++count).toString(16).padStart(digits, "0");
  return { uuid: () => `00000000-0000-4000-8000-${next(12)}`, hex: next };
}

export interface FakeBucket {
  /** Keys to contents. */
  readonly files: Record<string, string>;
  refuse?: "list" | "read" | "write";
  /** What was locked, and with which key. */
  readonly locks: Record<string, string>;
}

function fakeObjects(bucket: FakeBucket): ObjectStore {
  const denied = () => new AwsError("AccessDenied", "Access Denied", { status: 403 });
  const infoOf = (key: string): ObjectInfo => ({
    key,
    sizeBytes: (bucket.files[key] ?? "").length,
    etag: `"${key}"`,
    versionId: undefined,
    lastModified: 0,
  });
  return {
    list: async (name, prefix) => {
      if (name !== "shop") throw new AwsError("NoSuchBucket", `The bucket ${name} does not exist`, { status: 404 });
      if (bucket.refuse === "list") throw denied();
      return Object.keys(bucket.files)
        .filter((key) => key.startsWith(prefix))
        .map(infoOf);
    },
    read: async (_name, key) => {
      if (bucket.refuse === "read") throw denied();
      return Readable.from([Buffer.from(bucket.files[key] ?? "")]);
    },
    write: async (_name, key, body, _caller, { kmsKeyArn } = {}) => {
      if (bucket.refuse === "write") throw denied();
      const chunks: Buffer[] = [];
      for await (const chunk of typeof body === "string" ? [body] : body) chunks.push(Buffer.from(chunk as Buffer));
      bucket.files[key] = Buffer.concat(chunks).toString();
      if (kmsKeyArn !== undefined) bucket.locks[key] = kmsKeyArn;
      return infoOf(key);
    },
  };
}

export interface TestPersonalize<Jobs extends JobRunner = FakeJobRunner> extends Personalize {
  readonly clock: JumpingClock;
  readonly jobs: Jobs;
  readonly store: Store;
  readonly bucket: FakeBucket;
  readonly log: string[];
  /** What the authorizer refuses: actions and principals; empty = nothing. */
  readonly refused: Set<string>;
  /** Calls an operation of any of the three APIs. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are asserted member by member
  call(operation: string, input?: unknown): Promise<any>;
  /** As `call`, then waits until everything is settled. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  settle(operation: string, input?: unknown): Promise<any>;
}

const context: CallContext = {
  caller: { kind: "account" },
  requestId: "request",
  account: "000000000000",
  region: "us-east-1",
};

export interface TestOptions<Jobs extends JobRunner = FakeJobRunner> {
  readonly settings?: PersonalizeOptions;
  readonly store?: Store;
  /** A fake unless said otherwise. */
  readonly jobs?: Jobs;
  /** The project's own recipes instead of fakes. */
  readonly realRecipes?: boolean;
  readonly clock?: JumpingClock;
  readonly random?: () => number;
  readonly keys?: Keys;
  /** How other services are called; nobody is unless a test says so. */
  readonly calls?: AwsCalls;
}

export function personalizeForTest(options?: TestOptions): TestPersonalize;
export function personalizeForTest<Jobs extends JobRunner>(
  options: TestOptions<Jobs> & { jobs: Jobs },
): TestPersonalize<Jobs>;
export function personalizeForTest(options: TestOptions<JobRunner> = {}): TestPersonalize<JobRunner> {
  const { store = memoryStore(), jobs = fakeJobRunner(), clock = createJumpingClock(), random = () => 0.5 } = options;
  const recipes = options.realRecipes === true ? {} : { recipes: recipeTable() };
  const settings = { automaticTraining: false, ...options.settings };
  const refused = new Set<string>();
  const bucket: FakeBucket = { files: { "interactions/1.csv": "USER_ID\nu1\n" }, locks: {} };
  const log: string[] = [];
  const authorizer: Authorizer = {
    authorize: (caller, { action }) => {
      const who = caller.kind === "service" ? caller.principal : caller.kind;
      if (refused.has(action) || refused.has(who))
        throw new AwsError("AccessDeniedException", `${who} may not ${action}`);
    },
    assertAssumable: (role, principal) => {
      if (refused.has("sts:AssumeRole")) throw new AwsError("AccessDenied", `${principal} may not assume ${role}`);
    },
  };
  const place = { account: context.account, region: context.region };
  const ports = { clock, store, jobs, random, authorizer, ids: countingIds(), objects: fakeObjects(bucket) };
  const made = createPersonalize({
    ...place,
    ...ports,
    settings,
    ...recipes,
    ...(options.keys ? { keys: options.keys } : {}),
    ...(options.calls ? { calls: options.calls } : {}),
    log: (line) => log.push(line),
  });
  const operations = Object.assign({}, ...made.services.map((service) => service.operations)) as Record<
    string,
    (input: unknown, context: CallContext) => unknown
  >;
  const call = async (operation: string, input: unknown = {}) => {
    const run = operations[operation];
    if (!run) throw new Error(`no operation ${operation}`);
    const release = clock.busy();
    try {
      return await run(input, context);
    } finally {
      release();
    }
  };
  const settle = async (operation: string, input: unknown = {}) => {
    const answer = await call(operation, input);
    await clock.idle();
    return answer;
  };
  return { ...made, clock, jobs, store, bucket, log, refused, call, settle };
}

export const arn = (tail: string) => `arn:aws:personalize:us-east-1:000000000000:${tail}`;
export const groupArn = arn("dataset-group/shop");
export const interactionsArn = arn("dataset/shop/INTERACTIONS");
export const solutionArn = arn("solution/next");

/** An ACTIVE dataset group "shop" with an Interactions dataset. */
export async function withDataset<Jobs extends JobRunner>(
  personalize: TestPersonalize<Jobs>,
): Promise<TestPersonalize<Jobs>> {
  await personalize.settle("CreateDatasetGroup", { name: "shop" });
  await personalize.call("CreateSchema", { name: "interactions", schema: interactionsSchema });
  await personalize.settle("CreateDataset", {
    name: "clicks",
    schemaArn: arn("schema/interactions"),
    datasetGroupArn: groupArn,
    datasetType: "Interactions",
  });
  return personalize;
}

export const itemsArn = arn("dataset/shop/ITEMS");

/** Adds an Items dataset to the group "shop", for filters that look at it. */
export async function withItems<Jobs extends JobRunner>(
  personalize: TestPersonalize<Jobs>,
): Promise<TestPersonalize<Jobs>> {
  await personalize.call("CreateSchema", { name: "items", schema: itemsSchema });
  const type = { name: "items", datasetGroupArn: groupArn, datasetType: "Items" };
  await personalize.settle("CreateDataset", { ...type, schemaArn: arn("schema/items") });
  return personalize;
}

/** The above with an ACTIVE solution "next". */
export async function withSolution<Jobs extends JobRunner>(
  personalize: TestPersonalize<Jobs>,
  { recipe = "aws-hrnn", ...more }: { recipe?: string } & Record<string, unknown> = {},
): Promise<TestPersonalize<Jobs>> {
  await withDataset(personalize);
  const recipeArn = `arn:aws:personalize:::recipe/${recipe}`;
  const input = { name: "next", datasetGroupArn: groupArn, recipeArn, performAutoTraining: false, ...more };
  await personalize.settle("CreateSolution", input);
  return personalize;
}

export async function train(personalize: TestPersonalize<JobRunner>): Promise<string> {
  const { solutionVersionArn } = (await personalize.settle("CreateSolutionVersion", { solutionArn })) as {
    solutionVersionArn: string;
  };
  return solutionVersionArn;
}

export const campaignArn = arn("campaign/live");

/** The above with an ACTIVE version and an ACTIVE campaign "live" on it. */
export async function withCampaign(
  personalize: TestPersonalize,
  recipe = "aws-hrnn",
): Promise<{ personalize: TestPersonalize; solutionVersionArn: string }> {
  await withSolution(personalize, { recipe });
  const solutionVersionArn = await train(personalize);
  await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn });
  return { personalize, solutionVersionArn };
}

export const importOf = (jobName: string, more: Record<string, unknown> = {}) => ({
  jobName,
  datasetArn: interactionsArn,
  dataSource: { dataLocation: "s3://shop/interactions/" },
  roleArn,
  ...more,
});
