/** The data APIs: recommendations, and what is sent as it happens. */
import { expect } from "@jest/globals";
import { type Contract, costly, type OperationContract, withRecipe } from "../contract.ts";
import type { World } from "../world/world.ts";

const ranking = "aws-personalized-ranking";
const actions = "aws-next-best-action";

/** A campaign of the recipe, made when first asked for. */
const campaignOf = async (world: World, recipe: string, config?: object) => {
  const solutionVersionArn = await world.have.versionOf(recipe, config);
  return (await world.settle("CreateCampaign", { name: world.name(), solutionVersionArn })).campaignArn as string;
};
const small = { algorithmHyperParameters: { hidden_dimension: "32" } };

const absentCampaign = (world: World) => ({ campaignArn: world.arn("campaign/absent"), userId: "u1" });

export const recommendations: Contract = {
  GetRecommendations: {
    succeeds: {
      "answers as many items as asked, each once, with an id": costly(async (world) => {
        const campaignArn = await world.have.campaign();
        const { itemList, recommendationId } = await world.call("GetRecommendations", {
          ...{ campaignArn, userId: "u1", numResults: 10 },
        });
        expect(new Set(itemList.map(({ itemId }: { itemId: string }) => itemId)).size).toBe(10);
        expect(recommendationId).toMatch(/^RID-/);
      }),
      "answers 25 items unless asked otherwise, also to a user whom nobody knows": costly(async (world) => {
        const asked = { campaignArn: await world.have.campaign(), userId: "a stranger" };
        expect((await world.call("GetRecommendations", asked)).itemList).toHaveLength(25);
      }),
      "answers for a recommender": costly(async (world) => {
        const asked = { recommenderArn: await world.have.recommender(), userId: "u1", numResults: 3 };
        expect((await world.call("GetRecommendations", asked)).itemList).toHaveLength(3);
      }),
    },
    refuses: {
      InvalidInputException: {
        "neither a campaign nor a recommender": (world) => world.call("GetRecommendations", { userId: "u1" }),
        "501 results": costly(async (world) =>
          world.call("GetRecommendations", {
            ...{ campaignArn: await world.have.campaign(), userId: "u1", numResults: 501 },
          }),
        ),
        "an ARN that is none": (world) => world.call("GetRecommendations", { campaignArn: "campaign", userId: "u1" }),
      },
      ResourceNotFoundException: {
        "a campaign that is not there": (world) => world.call("GetRecommendations", absentCampaign(world)),
        "a filter that is not there": costly(async (world) =>
          world.call("GetRecommendations", {
            ...{ campaignArn: await world.have.campaign(), userId: "u1", filterArn: world.arn("filter/absent") },
          }),
        ),
      },
    },
  },
  GetPersonalizedRanking: {
    succeeds: {
      "orders the given items": withRecipe(ranking, async (world) => {
        const campaignArn = await campaignOf(world, ranking, small);
        const inputList = ["i3", "i1", "i2"];
        const { personalizedRanking } = await world.call("GetPersonalizedRanking", {
          ...{ campaignArn, userId: "u1", inputList },
        });
        const ids = personalizedRanking.map(({ itemId }: { itemId: string }) => itemId);
        expect([...ids].sort()).toEqual(["i1", "i2", "i3"]);
      }),
    },
    refuses: {
      InvalidInputException: {
        "a campaign whose recipe ranks nothing": costly(async (world) =>
          world.call("GetPersonalizedRanking", {
            ...{ campaignArn: await world.have.campaign(), userId: "u1", inputList: ["i1"] },
          }),
        ),
        "501 items": costly(async (world) =>
          world.call("GetPersonalizedRanking", {
            ...{ campaignArn: await world.have.campaign(), userId: "u1" },
            inputList: Array.from({ length: 501 }, (_, i) => `i${i}`),
          }),
        ),
      },
      ResourceNotFoundException: {
        "a campaign that is not there": (world) =>
          world.call("GetPersonalizedRanking", { ...absentCampaign(world), inputList: ["i1"] }),
      },
    },
  },
  GetActionRecommendations: {
    succeeds: {
      "answers five actions unless asked otherwise": withRecipe(actions, async (world) => {
        const { trackingId } = await world.have.actionInteractions();
        const ids = Array.from({ length: 8 }, (_, i) => `a${i}`);
        await world.call("PutActions", {
          datasetArn: await world.have.actions(),
          actions: ids.map((actionId) => ({ actionId, properties: '{"type":"offer"}' })),
        });
        for (let user = 0; user < 30; user++) {
          await world.call("PutActionInteractions", {
            trackingId,
            actionInteractions: ids.slice(0, 6).map((actionId, i) => ({
              ...{ actionId, userId: `u${user}`, sessionId: "s", eventType: i % 2 ? "TAKEN" : "VIEWED" },
              timestamp: new Date(1_760_000_000_000 + user * 1000 + i),
            })),
          });
        }
        const campaignArn = await campaignOf(world, actions);
        const { actionList } = await world.call("GetActionRecommendations", { campaignArn, userId: "u1" });
        expect(actionList).toHaveLength(5);
      }),
    },
    refuses: {
      InvalidInputException: {
        "no campaign": (world) => world.call("GetActionRecommendations", { userId: "u1" }),
        "a campaign whose recipe recommends no actions": costly(async (world) =>
          world.call("GetActionRecommendations", { campaignArn: await world.have.campaign(), userId: "u1" }),
        ),
      },
      ResourceNotFoundException: {
        "a campaign that is not there": (world) => world.call("GetActionRecommendations", absentCampaign(world)),
      },
    },
  },
};

const click = { eventType: "view", itemId: "i1", sentAt: new Date(1_767_600_000_000) };
const entries = <T>(count: number, of: (i: number) => T) => Array.from({ length: count }, (_, i) => of(i));

/** An Items, Users or Actions dataset that is still being made. */
const onUnfinished = (type: "Items" | "Users" | "Actions", operation: string, body: object) => async (world: World) => {
  const { datasetGroupArn } = await world.settle("CreateDatasetGroup", { name: world.name() });
  const schemaArn = await world.have.schema(type);
  return world.still(async () => {
    const dataset = { name: world.name(), datasetGroupArn, schemaArn, datasetType: type };
    return world.call(operation, { ...(await world.call("CreateDataset", dataset)), ...body });
  });
};

interface Sent {
  readonly type: "Items" | "Users" | "Actions";
  readonly key: string;
  readonly id: string;
  readonly column: string;
  readonly arn: (world: World) => Promise<string>;
}

/** PutItems, PutUsers and PutActions differ in names alone. */
function sending({ type, key, id, column, arn }: Sent): [string, OperationContract] {
  const operation = `Put${type}`;
  const row = (i: number) => ({ [id]: `sent-${i}`, properties: JSON.stringify({ [column]: "x" }) });
  const body = { [key]: [row(0)] };
  return [
    operation,
    {
      succeeds: {
        "takes ten rows at once": async (world) =>
          world.call(operation, { datasetArn: await arn(world), [key]: entries(10, row) }),
      },
      refuses: {
        InvalidInputException: {
          "eleven rows": async (world) =>
            world.call(operation, { datasetArn: await arn(world), [key]: entries(11, row) }),
          "properties that are no JSON": async (world) =>
            world.call(operation, { datasetArn: await arn(world), [key]: [{ [id]: "a", properties: "{" }] }),
        },
        ResourceNotFoundException: {
          "a dataset that is not there": (world) =>
            world.call(operation, { datasetArn: world.arn(`dataset/absent/${type.toUpperCase()}`), ...body }),
        },
        ResourceInUseException: { "a dataset that is being made": onUnfinished(type, operation, body) },
      },
    },
  ];
}

const interaction = (more: object = {}) => ({
  ...{ actionId: "a1", userId: "u1", sessionId: "s", eventType: "TAKEN", timestamp: new Date(1_767_600_000_000) },
  ...more,
});

export const sentRecords: Contract = {
  PutEvents: {
    succeeds: {
      "takes ten events at once": async (world) => {
        const { trackingId } = await world.have.tracker();
        await world.call("PutEvents", {
          trackingId,
          sessionId: "s",
          userId: "u1",
          eventList: entries(10, () => click),
        });
      },
    },
    refuses: {
      InvalidInputException: {
        "eleven events": async (world) => {
          const { trackingId } = await world.have.tracker();
          return world.call("PutEvents", { trackingId, sessionId: "s", eventList: entries(11, () => click) });
        },
        "a tracking id that nobody has": (world) =>
          world.call("PutEvents", { trackingId: "nobody", sessionId: "s", eventList: [click] }),
        "an event without a time": async (world) => {
          const { trackingId } = await world.have.tracker();
          return world.call("PutEvents", { trackingId, sessionId: "s", eventList: [{ ...click, sentAt: undefined }] });
        },
      },
    },
  },
  PutActionInteractions: {
    succeeds: {
      "takes ten at once": async (world) => {
        const { trackingId } = await world.have.actionInteractions();
        await world.call("PutActionInteractions", { trackingId, actionInteractions: entries(10, () => interaction()) });
      },
    },
    refuses: {
      InvalidInputException: {
        eleven: async (world) => {
          const { trackingId } = await world.have.actionInteractions();
          return world.call("PutActionInteractions", {
            trackingId,
            actionInteractions: entries(11, () => interaction()),
          });
        },
        "an event type that actions do not have": async (world) => {
          const { trackingId } = await world.have.actionInteractions();
          const actionInteractions = [interaction({ eventType: "BOUGHT" })];
          return world.call("PutActionInteractions", { trackingId, actionInteractions });
        },
      },
      ResourceNotFoundException: {
        "a tracking id that nobody has": (world) =>
          world.call("PutActionInteractions", { trackingId: "nobody", actionInteractions: [interaction()] }),
      },
      ResourceInUseException: {
        "a dataset that is being made": async (world) => {
          const { datasetGroupArn } = await world.settle("CreateDatasetGroup", { name: world.name() });
          const schemaArn = await world.have.schema("ActionInteractions");
          return world.still(async () => {
            const about = { name: world.name(), datasetGroupArn, schemaArn, datasetType: "Action_Interactions" };
            const { datasetArn } = await world.call("CreateDataset", about);
            const { dataset } = await world.call("DescribeDataset", { datasetArn });
            const { trackingId } = dataset;
            return world.call("PutActionInteractions", { trackingId, actionInteractions: [interaction()] });
          });
        },
      },
    },
  },
  ...Object.fromEntries(
    [
      { type: "Items", key: "items", id: "itemId", column: "category", arn: (world: World) => world.have.items() },
      { type: "Users", key: "users", id: "userId", column: "plan", arn: (world: World) => world.have.users() },
      { type: "Actions", key: "actions", id: "actionId", column: "type", arn: (world: World) => world.have.actions() },
    ].map((sent) => sending(sent as Sent)),
  ),
};
