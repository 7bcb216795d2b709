/** Recommenders of a domain, and metric attributions. */
import { expect } from "@jest/globals";
import { type Contract, costly, crowded, tooManyTags, untilRefused } from "../contract.ts";
import type { World } from "../world/world.ts";

const popular = "arn:aws:personalize:::recipe/aws-ecomm-popular-items-by-views";

const recommenderIn = async (world: World, more: object = {}) => ({
  name: world.name(),
  datasetGroupArn: await world.have.domainGroup(),
  recipeArn: popular,
  ...more,
});

const ownRecommender = async (world: World) =>
  (await world.settle("CreateRecommender", await recommenderIn(world))).recommenderArn as string;

const statusOf = async (world: World, recommenderArn: string) =>
  (await world.call("DescribeRecommender", { recommenderArn })).recommender.status as string;

const absent = (world: World) => ({ recommenderArn: world.arn("recommender/absent") });
const ofAnotherKind = async (world: World) => ({ recommenderArn: await world.have.group() });

export const recommenders: Contract = {
  CreateRecommender: {
    succeeds: {
      "trains and serves, and has metrics": costly(async (world) => {
        const { recommender } = await world.call("DescribeRecommender", {
          recommenderArn: await world.have.recommender(),
        });
        expect(recommender).toMatchObject({
          ...{ status: "ACTIVE", recipeArn: popular, modelMetrics: { coverage: expect.any(Number) } },
          recommenderConfig: { minRecommendationRequestsPerSecond: 1 },
        });
      }),
    },
    refuses: {
      InvalidInputException: {
        "a recipe that is no use case": async (world) =>
          world.call(
            "CreateRecommender",
            await recommenderIn(world, { recipeArn: "arn:aws:personalize:::recipe/aws-sims" }),
          ),
        "a group without a domain": async (world) =>
          world.call("CreateRecommender", await recommenderIn(world, { datasetGroupArn: await world.have.group() })),
      },
      ResourceNotFoundException: {
        "a group that is not there": async (world) =>
          world.call(
            "CreateRecommender",
            await recommenderIn(world, { datasetGroupArn: world.arn("dataset-group/absent") }),
          ),
      },
      ResourceAlreadyExistsException: {
        "a name that is taken": costly(async (world) => {
          const recommenderArn = await world.have.recommender();
          const { recommender } = await world.call("DescribeRecommender", { recommenderArn });
          return world.call("CreateRecommender", await recommenderIn(world, { name: recommender.name }));
        }),
      },
      LimitExceededException: {
        "one more than a group may have": crowded((world) =>
          untilRefused(async () => world.call("CreateRecommender", await recommenderIn(world))),
        ),
      },
      ResourceInUseException: {
        "a group that is being made": async (world) => {
          const asked = await recommenderIn(world);
          return world.still(async () => {
            const group = { name: world.name(), domain: "ECOMMERCE" };
            const { datasetGroupArn } = await world.call("CreateDatasetGroup", group);
            return world.call("CreateRecommender", { ...asked, datasetGroupArn });
          });
        },
      },
      TooManyTagsException: {
        "51 tags": async (world) => world.call("CreateRecommender", await recommenderIn(world, { tags: tooManyTags })),
      },
    },
  },
  UpdateRecommender: {
    succeeds: {
      "shows the update beside the recommender, which stays ACTIVE": costly(async (world) => {
        const recommenderArn = await ownRecommender(world);
        const recommenderConfig = { minRecommendationRequestsPerSecond: 2 };
        await world.settle("UpdateRecommender", { recommenderArn, recommenderConfig });
        const { recommender } = await world.call("DescribeRecommender", { recommenderArn });
        expect(recommender).toMatchObject({
          ...{ status: "ACTIVE", recommenderConfig },
          latestRecommenderUpdate: { status: "ACTIVE", recommenderConfig },
        });
      }),
    },
    refuses: {
      InvalidInputException: {
        "no throughput at all": costly(async (world) => {
          const recommenderConfig = { minRecommendationRequestsPerSecond: 0 };
          return world.call("UpdateRecommender", { recommenderArn: await world.have.recommender(), recommenderConfig });
        }),
      },
      ResourceNotFoundException: {
        "a recommender that is not there": (world) =>
          world.call("UpdateRecommender", { ...absent(world), recommenderConfig: {} }),
      },
      ResourceInUseException: {
        "an update while another one runs": costly(async (world) => {
          const change = { recommenderArn: await ownRecommender(world), recommenderConfig: {} };
          return world.still(async () => {
            await world.call("UpdateRecommender", change);
            return world.call("UpdateRecommender", change);
          });
        }),
      },
    },
  },
  StopRecommender: {
    succeeds: {
      "ends as INACTIVE": costly(async (world) => {
        const recommenderArn = await ownRecommender(world);
        await world.settle("StopRecommender", { recommenderArn });
        expect(await statusOf(world, recommenderArn)).toBe("INACTIVE");
      }),
    },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) => world.call("StopRecommender", await ofAnotherKind(world)),
      },
      ResourceNotFoundException: {
        "a recommender that is not there": (world) => world.call("StopRecommender", absent(world)),
      },
      ResourceInUseException: {
        "one that is stopping": costly(async (world) => {
          const recommenderArn = await ownRecommender(world);
          return world.still(async () => {
            await world.call("StopRecommender", { recommenderArn });
            return world.call("StopRecommender", { recommenderArn });
          });
        }),
      },
    },
  },
  StartRecommender: {
    succeeds: {
      "takes a stopped one into service again": costly(async (world) => {
        const recommenderArn = await ownRecommender(world);
        await world.settle("StopRecommender", { recommenderArn });
        await world.settle("StartRecommender", { recommenderArn });
        expect(await statusOf(world, recommenderArn)).toBe("ACTIVE");
      }),
    },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) => world.call("StartRecommender", await ofAnotherKind(world)),
      },
      ResourceNotFoundException: {
        "a recommender that is not there": (world) => world.call("StartRecommender", absent(world)),
      },
      ResourceInUseException: {
        "one that is ACTIVE": costly(async (world) =>
          world.call("StartRecommender", { recommenderArn: await world.have.recommender() }),
        ),
      },
    },
  },
  DeleteRecommender: {
    succeeds: {
      "takes it away": costly(async (world) => {
        const recommenderArn = await ownRecommender(world);
        await world.settle("DeleteRecommender", { recommenderArn });
        await expect(statusOf(world, recommenderArn)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      }),
    },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) => world.call("DeleteRecommender", await ofAnotherKind(world)),
      },
      ResourceNotFoundException: {
        "a recommender that is not there": (world) => world.call("DeleteRecommender", absent(world)),
      },
      ResourceInUseException: {
        "one that is being made": costly(async (world) => {
          const asked = await recommenderIn(world);
          return world.still(async () => world.call("DeleteRecommender", await world.call("CreateRecommender", asked)));
        }),
      },
    },
  },
};

const views = { eventType: "view", metricName: "views", expression: "SAMPLECOUNT()" };

const attributionIn = async (world: World, more: object = {}) => {
  const s3DataDestination = { path: `s3://${world.bucket}/out/` };
  return {
    name: world.name(),
    datasetGroupArn: await world.have.group(),
    metrics: [views],
    metricsOutputConfig: { s3DataDestination, roleArn: world.roleArn },
    ...more,
  };
};

/** An attribution of a group of its own, which has interactions. */
async function ownAttribution(world: World): Promise<string> {
  const { datasetGroupArn } = await world.settle("CreateDatasetGroup", { name: world.name() });
  const schemaArn = await world.have.schema("Interactions");
  const dataset = { name: world.name(), datasetGroupArn, schemaArn, datasetType: "Interactions" };
  await world.settle("CreateDataset", dataset);
  const answer = await world.settle("CreateMetricAttribution", await attributionIn(world, { datasetGroupArn }));
  return answer.metricAttributionArn as string;
}

export const metricAttributions: Contract = {
  CreateMetricAttribution: {
    succeeds: {
      "keeps its metrics, which only their own list shows": async (world) => {
        const metricAttributionArn = await ownAttribution(world);
        const { metricAttribution } = await world.call("DescribeMetricAttribution", { metricAttributionArn });
        expect(metricAttribution.status).toBe("ACTIVE");
        const { metrics } = await world.call("ListMetricAttributionMetrics", { metricAttributionArn });
        expect(metrics).toEqual([views]);
      },
    },
    refuses: {
      InvalidInputException: {
        "an expression that is neither a count nor a sum": async (world) =>
          world.call(
            "CreateMetricAttribution",
            await attributionIn(world, { metrics: [{ ...views, expression: "MAX(Items.PRICE)" }] }),
          ),
      },
      ResourceNotFoundException: {
        "a group that is not there": async (world) =>
          world.call(
            "CreateMetricAttribution",
            await attributionIn(world, { datasetGroupArn: world.arn("dataset-group/absent") }),
          ),
      },
      ResourceAlreadyExistsException: {
        "a second attribution of the group": async (world) => {
          await world.have.attribution();
          return world.call("CreateMetricAttribution", await attributionIn(world));
        },
      },
      LimitExceededException: {
        "more metrics than an attribution may have": crowded(async (world) => {
          await world.have.interactions();
          const metrics = Array.from({ length: 10 }, (_, i) => ({ ...views, metricName: `m${i}` }));
          return world.call("CreateMetricAttribution", await attributionIn(world, { metrics }));
        }),
      },
      ResourceInUseException: {
        "a group that is being made": async (world) => {
          const asked = await attributionIn(world);
          return world.still(async () => {
            const { datasetGroupArn } = await world.call("CreateDatasetGroup", { name: world.name() });
            return world.call("CreateMetricAttribution", { ...asked, datasetGroupArn });
          });
        },
      },
    },
  },
  UpdateMetricAttribution: {
    succeeds: {
      "adds and removes metrics": async (world) => {
        const metricAttributionArn = await ownAttribution(world);
        const addMetrics = [{ ...views, metricName: "again" }];
        await world.settle("UpdateMetricAttribution", {
          ...{ metricAttributionArn, addMetrics, removeMetrics: ["views"] },
        });
        const { metrics } = await world.call("ListMetricAttributionMetrics", { metricAttributionArn });
        expect(metrics).toEqual(addMetrics);
      },
    },
    refuses: {
      InvalidInputException: {
        "the removal of a metric that it does not have": async (world) =>
          world.call("UpdateMetricAttribution", {
            metricAttributionArn: await ownAttribution(world),
            removeMetrics: ["absent"],
          }),
      },
      ResourceNotFoundException: {
        "an attribution that is not there": (world) =>
          world.call("UpdateMetricAttribution", { metricAttributionArn: world.arn("metric-attribution/absent") }),
      },
      ResourceAlreadyExistsException: {
        "a metric that it has": async (world) =>
          world.call("UpdateMetricAttribution", {
            metricAttributionArn: await ownAttribution(world),
            addMetrics: [views],
          }),
      },
      ResourceInUseException: {
        "one that is being deleted": async (world) => {
          const metricAttributionArn = await ownAttribution(world);
          return world.still(async () => {
            await world.call("DeleteMetricAttribution", { metricAttributionArn });
            return world.call("UpdateMetricAttribution", { metricAttributionArn, removeMetrics: ["views"] });
          });
        },
      },
    },
  },
  DeleteMetricAttribution: {
    succeeds: {
      "takes it away with its metrics": async (world) => {
        const metricAttributionArn = await ownAttribution(world);
        await world.settle("DeleteMetricAttribution", { metricAttributionArn });
        const gone = world.call("DescribeMetricAttribution", { metricAttributionArn });
        await expect(gone).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      },
    },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) =>
          world.call("DeleteMetricAttribution", { metricAttributionArn: await world.have.group() }),
      },
      ResourceNotFoundException: {
        "an attribution that is not there": (world) =>
          world.call("DeleteMetricAttribution", { metricAttributionArn: world.arn("metric-attribution/absent") }),
      },
      ResourceInUseException: {
        "one that is being deleted": async (world) => {
          const metricAttributionArn = await ownAttribution(world);
          return world.still(async () => {
            await world.call("DeleteMetricAttribution", { metricAttributionArn });
            return world.call("DeleteMetricAttribution", { metricAttributionArn });
          });
        },
      },
    },
  },
};
