/** Solutions and their versions: what may be asked for, how they train, stop, fail and go. */
import { describe, expect, it } from "@jest/globals";
import {
  arn,
  groupArn,
  importOf,
  itemsSchema,
  personalizeForTest,
  solutionArn,
  train,
  withDataset,
  withSolution,
} from "../../../support/personalize.ts";

const recipe = (name: string) => `arn:aws:personalize:::recipe/${name}`;
const solution = (more: Record<string, unknown> = {}) => ({
  name: "next",
  datasetGroupArn: groupArn,
  recipeArn: recipe("aws-hrnn"),
  ...more,
});
const configured = (solutionConfig: Record<string, unknown>) => solution({ solutionConfig });

describe("CreateSolution", () => {
  it("trains by itself unless told otherwise", async () => {
    const { call, settle } = await withDataset(personalizeForTest());

    await settle("CreateSolution", solution());
    const answer = await call("DescribeSolution", { solutionArn });

    expect(answer.solution).toMatchObject({
      status: "ACTIVE",
      performAutoTraining: true,
      performHPO: false,
      performAutoML: false,
      solutionConfig: {},
    });
    expect(answer.solution).not.toHaveProperty("latestSolutionVersion");
  });

  it.each([
    { why: "the recipe is unknown", input: solution({ recipeArn: recipe("aws-no") }), says: "does not exist" },
    { why: "there is no recipe", input: solution({ recipeArn: undefined }), says: "recipeArn is required" },
    {
      why: "the recipe is not trained here",
      input: solution({ recipeArn: recipe("aws-semantic-similarity") }),
      says: "docs/support.md",
    },
    {
      why: "the recipe is a recommender's",
      input: solution({ recipeArn: recipe("aws-vod-top-picks") }),
      says: "VIDEO_ON_DEMAND recommenders",
    },
    {
      why: "HPO is asked of a recipe that has nothing to tune",
      input: solution({ performHPO: true, recipeArn: recipe("aws-popularity-count") }),
      says: "no hyperparameters that can be tuned",
    },
    { why: "ranges come without HPO", input: configured({ hpoConfig: {} }), says: "needs performHPO" },
    {
      why: "more trainings are asked for than the service allows",
      input: solution({
        performHPO: true,
        solutionConfig: { hpoConfig: { hpoResourceConfig: { maxNumberOfTrainingJobs: "41" } } },
      }),
      says: "from 1 to 40",
    },
    {
      why: "a range is outside of what is documented",
      input: solution({
        performHPO: true,
        solutionConfig: {
          hpoConfig: {
            algorithmHyperParameterRanges: {
              integerHyperParameterRanges: [{ name: "hidden_dimension", minValue: 8, maxValue: 64 }],
              continuousHyperParameterRanges: [],
              categoricalHyperParameterRanges: [],
            },
          },
        },
      }),
      says: "within 32 to 256",
    },
    { why: "AutoML is given a recipe", input: solution({ performAutoML: true }), says: "exclude each other" },
    {
      why: "AutoML is given a recipe of another type",
      input: solution({
        ...{ performAutoML: true, recipeArn: undefined },
        solutionConfig: { autoMLConfig: { recipeList: [recipe("aws-sims")] } },
      }),
      says: "aws-sims; AutoML chooses among",
    },
    {
      why: "AutoML is given hyperparameters",
      input: solution({
        ...{ performAutoML: true, recipeArn: undefined },
        solutionConfig: { algorithmHyperParameters: { bptt: "4" } },
      }),
      says: "not algorithmHyperParameters",
    },
    {
      why: "a hyperparameter is unknown",
      input: configured({ algorithmHyperParameters: { hidden: "64" } }),
      says: "no parameter hidden",
    },
    {
      why: "a hyperparameter is out of its range",
      input: configured({ algorithmHyperParameters: { hidden_dimension: "257" } }),
      says: "an integer from 32 to 256",
    },
    {
      why: "an integer has a fraction",
      input: configured({ algorithmHyperParameters: { hidden_dimension: "64.5" } }),
      says: "an integer from 32 to 256",
    },
    {
      why: "a choice is none",
      input: configured({ algorithmHyperParameters: { recency_mask: "maybe" } }),
      says: "one of true, false",
    },
    {
      why: "a hyperparameter of the algorithm is given to the feature transformation",
      input: configured({ featureTransformationParameters: { hidden_dimension: "64" } }),
      says: "featureTransformationParameters has no parameter hidden_dimension",
    },
    {
      why: "the threshold is no number",
      input: configured({ eventValueThreshold: "high" }),
      says: "must be a number",
    },
    {
      why: "the schedule is out of range",
      input: configured({ autoTrainingConfig: { schedulingExpression: "rate(31 days)" } }),
      says: "from 1 to 30",
    },
    {
      why: "EVENT_TYPE is to be left out",
      input: configured({ trainingDataConfig: { excludedDatasetColumns: { INTERACTIONS: ["EVENT_TYPE"] } } }),
      says: "EVENT_TYPE cannot be excluded",
    },
    {
      why: "events are to be weighed",
      input: configured({ eventsConfig: { eventParametersList: [{ eventType: "buy", weight: 1 }] } }),
      says: "only for aws-user-personalization-v2",
    },
    {
      why: "an objective is set for a recipe that has none",
      input: configured({ optimizationObjective: { itemAttribute: "PRICE", objectiveSensitivity: "LOW" } }),
      says: "only for aws-user-personalization",
    },
    {
      why: "an objective is set without an Items dataset",
      input: {
        ...configured({ optimizationObjective: { itemAttribute: "PRICE", objectiveSensitivity: "LOW" } }),
        recipeArn: recipe("aws-user-personalization"),
      },
      says: "needs an Items dataset",
    },
  ])("refuses when $why", async ({ input, says }) => {
    const { call } = await withDataset(personalizeForTest());

    await expect(call("CreateSolution", input)).rejects.toMatchObject({ message: expect.stringContaining(says) });
  });

  it.each([
    { attribute: "PRICE", says: "a number that cannot be null" }, // ["null", "float"]
    { attribute: "GENRE", says: "a number that cannot be null" },
    { attribute: "LENGTH", says: "does not have" },
  ])("refuses the objective $attribute, which the items cannot be compared by", async ({ attribute, says }) => {
    const { call, settle } = await withDataset(personalizeForTest());
    await call("CreateSchema", { name: "items", schema: itemsSchema });
    const schemaArn = arn("schema/items");
    await settle("CreateDataset", { name: "films", schemaArn, datasetGroupArn: groupArn, datasetType: "Items" });
    const optimizationObjective = { itemAttribute: attribute, objectiveSensitivity: "HIGH" };

    const input = { ...configured({ optimizationObjective }), recipeArn: recipe("aws-user-personalization") };
    await expect(call("CreateSolution", input)).rejects.toMatchObject({ message: expect.stringContaining(says) });
  });

  it("is limited per dataset group", async () => {
    const { call } = await withSolution(personalizeForTest({ settings: { quotas: { solutionsPerDatasetGroup: 1 } } }));

    await expect(call("CreateSolution", solution({ name: "other" }))).rejects.toMatchObject({
      name: "LimitExceededException",
    });
  });
});

describe("UpdateSolution", () => {
  it("changes automatic training only once the update is ACTIVE", async () => {
    const { call, clock } = await withSolution(personalizeForTest());
    const release = clock.hold();
    const autoTrainingConfig = { schedulingExpression: "rate(3 days)" };

    await call("UpdateSolution", {
      solutionArn,
      performAutoTraining: true,
      solutionUpdateConfig: { autoTrainingConfig },
    });
    const during = (await call("DescribeSolution", { solutionArn })).solution;
    const second = call("UpdateSolution", { solutionArn, performAutoTraining: false });
    await expect(second).rejects.toMatchObject({ name: "ResourceInUseException" });
    release();
    await clock.idle();
    const after = (await call("DescribeSolution", { solutionArn })).solution;

    expect(during).toMatchObject({ performAutoTraining: false, latestSolutionUpdate: { status: "CREATE PENDING" } });
    expect(after).toMatchObject({
      performAutoTraining: true,
      solutionConfig: { autoTrainingConfig },
      latestSolutionUpdate: { status: "ACTIVE" },
    });
  });
});

describe("CreateSolutionVersion", () => {
  it("trains with the defaults and the caller's own parameters, and keeps the metrics", async () => {
    const solutionConfig = {
      algorithmHyperParameters: { hidden_dimension: "64" },
      eventValueThreshold: "2",
      trainingDataConfig: { excludedDatasetColumns: { Interactions: ["DEVICE_TYPE"] } },
    };
    const personalize = await withSolution(personalizeForTest(), { eventType: "purchase", solutionConfig });

    const solutionVersionArn = await train(personalize);
    const { solutionVersion } = await personalize.call("DescribeSolutionVersion", { solutionVersionArn });
    const answer = await personalize.call("GetSolutionMetrics", { solutionVersionArn });

    expect(solutionVersionArn).toMatch(/:solution\/next\/[0-9a-f]{8}$/);
    expect(solutionVersion).toMatchObject({
      name: solutionVersionArn.replace(/.*solution\//, ""),
      status: "ACTIVE",
      trainingMode: "FULL",
      trainingType: "MANUAL",
      trainingHours: 0.012,
      eventType: "purchase",
    });
    expect(answer).toEqual({ solutionVersionArn, metrics: { coverage: 0.5, precision_at_25: 0.0123 } });
    expect(personalize.jobs.trainings[0]).toMatchObject({
      recipe: "aws-hrnn",
      parameters: { hidden_dimension: "64", recency_mask: "true", max_share: "0.99" },
      eventType: "purchase",
      eventValueThreshold: 2,
      excludedColumns: { INTERACTIONS: ["DEVICE_TYPE"] },
      datasets: [expect.objectContaining({ datasetType: "INTERACTIONS" })],
    });
  });

  it("hands on how events and items count, and when it was asked for", async () => {
    const eventParametersList = [{ eventType: "buy", eventValueThreshold: 2, weight: 0.8 }, { eventType: "view" }];
    const more = { recipe: "aws-user-personalization-v2", solutionConfig: { eventsConfig: { eventParametersList } } };
    const personalize = await withSolution(personalizeForTest(), more);
    const before = personalize.clock.now();

    await train(personalize);

    expect(personalize.jobs.trainings[0]).toMatchObject({ events: eventParametersList });
    expect(personalize.jobs.trainings[0]?.now).toBe(Math.floor(before / 1000));
    expect(personalize.jobs.trainings[0]).not.toHaveProperty("objective");
  });

  it("searches for hyperparameters and reports the values that won", async () => {
    const ranges = {
      integerHyperParameterRanges: [{ name: "hidden_dimension", minValue: 32, maxValue: 64 }],
      continuousHyperParameterRanges: [],
      categoricalHyperParameterRanges: [{ name: "recency_mask", values: ["true", "false"] }],
    };
    const hpoResourceConfig = { maxNumberOfTrainingJobs: "6", maxParallelTrainingJobs: "2" };
    const solutionConfig = { hpoConfig: { hpoResourceConfig, algorithmHyperParameterRanges: ranges } };
    const personalize = await withSolution(personalizeForTest(), { performHPO: true, solutionConfig });
    const tuned = { hidden_dimension: "48", recency_mask: "false" };
    const result = { metrics: {}, trainingHours: 1, users: 1, items: 1, interactions: 1, tuned };
    personalize.jobs.trainingOutcome = { kind: "succeeded", result };

    const solutionVersionArn = await train(personalize);
    const { solutionVersion } = await personalize.call("DescribeSolutionVersion", { solutionVersionArn });

    expect(personalize.jobs.trainings[0]?.search).toEqual({
      kind: "hyperparameters",
      trials: 6,
      space: [
        { kind: "integer", name: "hidden_dimension", min: 32, max: 64 },
        { kind: "choice", name: "recency_mask", values: ["true", "false"] },
      ],
    });
    expect(solutionVersion).toMatchObject({
      performHPO: true,
      tunedHPOParams: { algorithmHyperParameters: tuned },
      solutionConfig,
    });
  });

  it("lets AutoML choose among the recipes, and says which it was", async () => {
    const recipeList = [recipe("aws-hrnn"), recipe("aws-user-personalization-v2")];
    const more = { performAutoML: true, recipeArn: undefined, solutionConfig: { autoMLConfig: { recipeList } } };
    const personalize = await withSolution(personalizeForTest(), more);
    const result = { metrics: {}, trainingHours: 1, users: 1, items: 1, interactions: 1 };
    personalize.jobs.trainingOutcome = {
      kind: "succeeded",
      result: { ...result, bestRecipe: "aws-user-personalization-v2" },
    };

    const solutionVersionArn = await train(personalize);
    const { solutionVersion } = await personalize.call("DescribeSolutionVersion", { solutionVersionArn });
    const { solution: described } = await personalize.call("DescribeSolution", { solutionArn });

    expect(personalize.jobs.trainings[0]?.search).toMatchObject({
      kind: "recipes",
      metric: "mean_reciprocal_rank_at_25",
      candidates: [
        { recipe: "aws-hrnn", parameters: { hidden_dimension: "43" } },
        { recipe: "aws-user-personalization-v2" },
      ],
    });
    expect(solutionVersion.recipeArn).toBe(recipe("aws-user-personalization-v2"));
    expect(described.autoMLResult).toEqual({ bestRecipeArn: recipe("aws-user-personalization-v2") });
    expect(described.recipeArn).toBeUndefined();
  });

  it("tells no metrics before the version is ACTIVE", async () => {
    const { call, clock } = await withSolution(personalizeForTest());
    const release = clock.hold();
    const { solutionVersionArn } = await call("CreateSolutionVersion", { solutionArn });

    await expect(call("GetSolutionMetrics", { solutionVersionArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
    });
    release();
  });

  it("keeps the reason of a failed training", async () => {
    const personalize = await withSolution(personalizeForTest());
    const failureReason = "Create failed. Dataset has fewer than 25 users with at least 2 interactions each.";
    personalize.jobs.trainingOutcome = { kind: "failed", failureReason };

    const solutionVersionArn = await train(personalize);
    const { solution: described } = await personalize.call("DescribeSolution", { solutionArn });

    expect(described.latestSolutionVersion).toMatchObject({
      solutionVersionArn,
      status: "CREATE FAILED",
      failureReason,
    });
    expect(described).not.toHaveProperty("failureReason");
  });

  it("is limited in number at once", async () => {
    const { call, clock } = await withSolution(
      personalizeForTest({ settings: { quotas: { concurrentTrainings: 1 } } }),
    );
    const release = clock.hold();
    await call("CreateSolutionVersion", { solutionArn });

    await expect(call("CreateSolutionVersion", { solutionArn })).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "More than 1 resources with PENDING or IN_PROGRESS status.",
    });
    release();
  });

  it("refuses UPDATE for recipes that cannot, and before a FULL version", async () => {
    const hrnn = await withSolution(personalizeForTest());
    const explorer = await withSolution(personalizeForTest(), { recipe: "aws-user-personalization" });
    const update = { solutionArn, trainingMode: "UPDATE" };

    await expect(hrnn.call("CreateSolutionVersion", update)).rejects.toMatchObject({
      message: expect.stringContaining("use FULL"),
    });
    await expect(explorer.call("CreateSolutionVersion", update)).rejects.toMatchObject({
      message: expect.stringContaining("trained with FULL"),
    });
  });

  it("builds an UPDATE on the newest FULL version", async () => {
    const personalize = await withSolution(personalizeForTest(), { recipe: "aws-user-personalization" });
    const baseSolutionVersionArn = await train(personalize);

    await personalize.settle("CreateSolutionVersion", { solutionArn, trainingMode: "UPDATE" });

    expect(personalize.jobs.trainings[1]).toMatchObject({ trainingMode: "UPDATE", baseSolutionVersionArn });
  });
});

describe("StopSolutionVersionCreation", () => {
  it("ends a pending training at once", async () => {
    const { call, clock, jobs } = await withSolution(personalizeForTest());
    const release = clock.hold();
    const { solutionVersionArn } = await call("CreateSolutionVersion", { solutionArn });

    await call("StopSolutionVersionCreation", { solutionVersionArn });
    const { solutionVersion } = await call("DescribeSolutionVersion", { solutionVersionArn });
    release();
    await clock.idle();

    expect(solutionVersion.status).toBe("CREATE STOPPED");
    expect(jobs.trainings).toEqual([]);
  });

  it("ends a running training by way of CREATE STOPPING", async () => {
    const personalize = await withSolution(personalizeForTest());
    const { call, clock, jobs } = personalize;
    jobs.trainingOutcome = "never";
    const { solutionVersionArn } = await call("CreateSolutionVersion", { solutionArn });
    const status = async () => (await call("DescribeSolutionVersion", { solutionVersionArn })).solutionVersion.status;
    while (jobs.trainings.length === 0) await new Promise((resolve) => setImmediate(resolve));

    const before = await status();
    await call("StopSolutionVersionCreation", { solutionVersionArn });
    const during = await status();
    await clock.idle();

    expect([before, during, await status()]).toEqual(["CREATE IN_PROGRESS", "CREATE STOPPING", "CREATE STOPPED"]);
    await expect(call("StopSolutionVersionCreation", { solutionVersionArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
    });
  });
});

describe("DeleteSolution", () => {
  it("takes all versions and their models along", async () => {
    const personalize = await withSolution(personalizeForTest());
    const solutionVersionArn = await train(personalize);

    await personalize.settle("DeleteSolution", { solutionArn });

    expect(personalize.jobs.forgotten).toEqual([solutionVersionArn]);
    await expect(personalize.call("DescribeSolutionVersion", { solutionVersionArn })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("is refused while a version trains and while a campaign serves one", async () => {
    const { call, clock, settle } = await withSolution(personalizeForTest());
    const release = clock.hold();
    const { solutionVersionArn } = await call("CreateSolutionVersion", { solutionArn });

    await expect(call("DeleteSolution", { solutionArn })).rejects.toMatchObject({ name: "ResourceInUseException" });
    release();
    await clock.idle();
    await settle("CreateCampaign", { name: "live", solutionVersionArn });
    await expect(call("DeleteSolution", { solutionArn })).rejects.toMatchObject({
      message: expect.stringContaining("campaign/live"),
    });
  });
});

describe("automatic training", () => {
  const hour = 3_600_000;
  const day = 24 * hour;

  /** Hours after the start at which versions were begun, watched for so many days. */
  async function trainingsWithin(
    days: number,
    prepare: (p: Awaited<ReturnType<typeof withDataset>>) => Promise<unknown>,
  ) {
    const personalize = await withDataset(personalizeForTest({ settings: { automaticTraining: true } }));
    const started = personalize.clock.now();
    await prepare(personalize);
    await personalize.clock.sleep(started + days * day - personalize.clock.now());
    const { solutionVersions } = await personalize.call("ListSolutionVersions", {});
    await personalize.services[0].close?.();
    return solutionVersions
      .map((version: { creationDateTime: Date; trainingType: string }) => [
        Math.round((version.creationDateTime.getTime() - started) / hour),
        version.trainingType,
      ])
      .reverse();
  }

  const createSolution = (personalize: { call: (name: string, input: object) => Promise<unknown> }, days: number) =>
    personalize.call(
      "CreateSolution",
      configured({ autoTrainingConfig: { schedulingExpression: `rate(${days} days)` } }),
    );

  it("begins within the hour and goes on only when interactions have come", async () => {
    const trainings = await trainingsWithin(10, async (personalize) => {
      await personalize.settle("CreateDatasetImportJob", importOf("first"));
      await createSolution(personalize, 3);
      await personalize.clock.sleep(4 * day);
      await personalize.call("CreateDatasetImportJob", importOf("second"));
    });

    expect(trainings).toEqual([
      [1, "AUTOMATIC"],
      [1 + 6 * 24, "AUTOMATIC"],
    ]);
  });

  it("takes a manual version within the first hour for its own", async () => {
    const trainings = await trainingsWithin(2, async (personalize) => {
      await personalize.settle("CreateDatasetImportJob", importOf("first"));
      await createSolution(personalize, 3);
      await personalize.clock.sleep(hour / 2);
      await personalize.call("CreateSolutionVersion", { solutionArn });
    });

    expect(trainings).toEqual([[1, "MANUAL"]]);
  });

  it("does nothing where performAutoTraining is false", async () => {
    const trainings = await trainingsWithin(10, async (personalize) => {
      await personalize.settle("CreateDatasetImportJob", importOf("first"));
      await personalize.call("CreateSolution", solution({ performAutoTraining: false }));
    });

    expect(trainings).toEqual([]);
  });
});

describe("ListSolutionVersions", () => {
  it("looks whether the solution exists", async () => {
    const { call } = personalizeForTest();

    await expect(call("ListSolutionVersions", { solutionArn: arn("solution/no") })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
