import { describe, expect, it } from "@jest/globals";
import { makeHandler } from "../../lambdas/ensure-the-resources/handler.ts";
import type { PersonalizeResources } from "../../lambdas/ensure-the-resources/personalize-resources.ts";
import type { Run } from "../../pipeline/planning/run.ts";
import { aRun, configInput } from "../support/run-fixtures.ts";

const plainRun = aRun();
const active = { status: "ACTIVE" };
const aDataset = (schemaArn: string) => ({ ...active, schemaArn, isUpdating: false, failedUpdate: null });

/** A service in which everything exists and is well, but for what a test changes. Notes what is made. */
function world(changes: Partial<PersonalizeResources> = {}, run = plainRun) {
  const made: string[] = [];
  const make = (what: string) => async () => void made.push(what);
  const schemaOf = (arn: string) => run.datasets.find((dataset) => dataset.datasetArn === arn)?.schemaArn ?? "";
  const handler = makeHandler({
    resources: {
      datasetGroup: async () => ({ ...active, kmsKeyArn: null }),
      createDatasetGroup: make("group"),
      hasSchema: async () => true,
      createSchema: make("schema"),
      dataset: async (arn) => aDataset(schemaOf(arn)),
      schema: async () => null,
      updateDataset: make("dataset schema"),
      eventTracker: async () => active,
      createEventTracker: make("event tracker"),
      createDataset: make("dataset"),
      solution: async () => ({ ...active, trainsByItself: false, isUpdating: false }),
      createSolution: make("solution"),
      stopAutoTraining: make("update"),
      campaign: async () => null,
      ...changes,
    },
  });
  return { made, ensure: () => handler({ run, types: ["interactions", "items"] }) };
}

describe("ensuring the resources", () => {
  it("makes nothing when all is there", async () => {
    const { ensure, made } = world();

    expect([await ensure(), made]).toEqual([{ isReady: true, summary: "", warnings: [] }, []]);
  });

  it("makes the group first and waits for it before anything that needs it", async () => {
    const { ensure, made } = world({ datasetGroup: async () => null });

    expect((await ensure()).isReady).toBe(false);
    expect(made).toEqual(["group"]);
  });

  it("then makes all that can be made at once", async () => {
    const { ensure, made } = world({
      hasSchema: async () => false,
      dataset: async () => null,
      solution: async () => null,
    });

    const { isReady, summary } = await ensure();

    expect(isReady).toBe(false);
    expect(made).toEqual(["schema", "dataset", "schema", "dataset", "solution", "solution"]);
    expect(summary).toContain("dataset outrank-shop-interactions was just created");
  });

  it("switches automatic training off where it finds it on, and says so (R5)", async () => {
    const { ensure, made } = world({ solution: async () => ({ ...active, trainsByItself: true, isUpdating: false }) });

    const { isReady, warnings } = await ensure();

    expect([isReady, made, warnings.length]).toEqual([false, ["update", "update"], 2]);
  });

  it("waits for an update of a solution instead of sending another", async () => {
    const { ensure, made } = world({ solution: async () => ({ ...active, trainsByItself: true, isUpdating: true }) });

    expect([(await ensure()).isReady, made]).toEqual([false, []]);
  });

  it("makes everything with the run's tags, and the group with the customer's key and the role that uses it", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/1";
    const run = aRun({ kmsKeyArn, tags: { team: "shop" } });
    const tags = [{ tagKey: "team", tagValue: "shop" }];
    const asked: unknown[] = [];
    const note = async (...members: unknown[]) => void asked.push(members.slice(1));
    const nothing = { dataset: async () => null, solution: async () => null };
    const noteGroup = async ({ encryption, tags: labels }: Pick<Run, "encryption" | "tags">) =>
      void asked.push([encryption, labels]);
    await world({ datasetGroup: async () => null, createDatasetGroup: noteGroup }, run).ensure();
    await world({ ...nothing, createDataset: note, createSolution: note }, run).ensure();

    expect(asked).toEqual([
      [{ kmsKeyArn, roleArn: run.importRoleArn }, tags],
      ...Array.from({ length: 4 }, () => [run.datasetGroupArn, tags]),
    ]);
  });

  it.each([
    { why: "none where one is wanted", has: null, wants: "arn:aws:kms:us-east-1:000000000000:key/1" },
    { why: "another", has: "arn:aws:kms:us-east-1:000000000000:key/2", wants: null },
  ])("goes on with a group that has another key than the configured one, and says so: $why", async ({ has, wants }) => {
    const datasetGroup = async () => ({ ...active, kmsKeyArn: has });
    const { isReady, warnings } = await world({ datasetGroup }, aRun({ kmsKeyArn: wants })).ensure();

    expect(isReady).toBe(true);
    expect(warnings).toEqual([
      `dataset group outrank-shop is locked with ${has ?? "AWS's own key"}, not with ${wants ?? "AWS's own key"}: the ` +
        "service cannot change the key of a group; a group under a new name would have the configured one",
    ]);
  });

  it.each<{ why: string; changes: Partial<PersonalizeResources>; says: string | RegExp }>([
    {
      why: "a campaign that follows the latest version",
      changes: { campaign: async () => ({ followsLatest: true }) },
      says: "goes around the gate",
    },
    {
      why: "a dataset with another schema",
      changes: { dataset: async () => aDataset("other"), schema: async () => plainRun.datasets[1]?.schema },
      says: "the service cannot change the schema of interactions; column PRICE was removed",
    },
    {
      why: "a group that failed, with its reason",
      changes: { datasetGroup: async () => ({ status: "CREATE FAILED", failureReason: "no key", kmsKeyArn: null }) },
      says: "CREATE FAILED: no key",
    },
    {
      why: "a dataset that the service could not move to another schema, with its reason",
      changes: {
        dataset: async () => ({
          ...aDataset("other"),
          failedUpdate: { reason: "too wide", at: Date.parse(plainRun.startedAt) + 1 },
        }),
      },
      says: /could not be given schema .*: too wide/,
    },
  ])("refuses $why", async ({ changes, says }) => {
    await expect(world(changes).ensure()).rejects.toThrow(says);
  });

  it("waits for the end of what is being deleted, and then makes it anew", async () => {
    const { ensure, made } = world({ dataset: async () => ({ ...aDataset(""), status: "DELETE PENDING" }) });

    expect(await ensure()).toMatchObject({
      isReady: false,
      summary: expect.stringContaining("dataset outrank-shop-items is DELETE PENDING"),
    });
    expect(made).toEqual([]);
  });

  it("moves a dataset of items to a schema that only has a further column which may be empty", async () => {
    const old = plainRun.datasets[1]!;
    const config = configInput();
    const colour = { name: "COLOUR", type: ["null", "string"] };
    Object.assign(config.datasetGroups[0]!.datasets.items!.schema, { fields: [...old.schema.fields, colour] });
    const run = aRun({}, config);
    const { ensure, made } = world(
      {
        dataset: async (arn) => aDataset(arn.endsWith("ITEMS") ? old.schemaArn : (run.datasets[0]?.schemaArn ?? "")),
        schema: async () => old.schema,
      },
      run,
    );

    const { isReady, warnings } = await ensure();

    expect(isReady).toBe(false);
    expect(made).toEqual(["dataset schema"]);
    expect(warnings[0]).toMatch(
      /^dataset outrank-shop-items moves to schema outrank-shop-items-[0-9a-f]{8}, which has COLOUR$/,
    );
  });

  it("makes the event tracker that is configured, once the datasets are there", async () => {
    const config = configInput();
    Object.assign(config.datasetGroups[0]!, { eventTracker: true });
    const { ensure, made } = world({ eventTracker: async () => null }, aRun({}, config));

    await ensure();

    expect(made).toEqual(["event tracker"]);
  });
});
