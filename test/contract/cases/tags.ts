/** Tags: put, read and taken away, on everything that can have them. */
import { expect } from "@jest/globals";
import { type Contract, tooManyTags } from "../contract.ts";
import type { World } from "../world/world.ts";

const pair = { tagKey: "team", tagValue: "shop" };

async function ownGroup(world: World, tags: readonly object[] = []): Promise<string> {
  return (await world.settle("CreateDatasetGroup", { name: world.name(), tags })).datasetGroupArn as string;
}

const tagsOf = async (world: World, resourceArn: string) =>
  (await world.call("ListTagsForResource", { resourceArn })).tags as object[];

const onDeleted = (operation: string, more: object) => async (world: World) => {
  const resourceArn = await ownGroup(world);
  return world.still(async () => {
    await world.call("DeleteDatasetGroup", { datasetGroupArn: resourceArn });
    return world.call(operation, { resourceArn, ...more });
  });
};

const absent = (world: World) => ({ resourceArn: world.arn("dataset-group/absent") });

export const tags: Contract = {
  TagResource: {
    succeeds: {
      "adds tags, and gives those that are there a new value": async (world) => {
        const resourceArn = await ownGroup(world, [pair]);
        await world.call("TagResource", {
          resourceArn,
          tags: [
            { ...pair, tagValue: "web" },
            { tagKey: "stage", tagValue: "" },
          ],
        });
        expect(await tagsOf(world, resourceArn)).toEqual([
          { tagKey: "team", tagValue: "web" },
          { tagKey: "stage", tagValue: "" },
        ]);
      },
    },
    refuses: {
      InvalidInputException: {
        "a schema, which can have none": async (world) =>
          world.call("TagResource", { resourceArn: await world.have.schema("Items"), tags: [pair] }),
        "a key with a character that is not allowed": async (world) =>
          world.call("TagResource", { resourceArn: await ownGroup(world), tags: [{ tagKey: "a*", tagValue: "" }] }),
        "201 tags in one call": async (world) =>
          world.call("TagResource", {
            resourceArn: await ownGroup(world),
            tags: Array.from({ length: 201 }, (_, i) => ({ tagKey: `k${i}`, tagValue: "" })),
          }),
      },
      ResourceNotFoundException: {
        "what is not there": (world) => world.call("TagResource", { ...absent(world), tags: [pair] }),
      },
      TooManyTagsException: {
        "one more than 50 in the end": async (world) => {
          const resourceArn = await ownGroup(world, tooManyTags.slice(1));
          return world.call("TagResource", { resourceArn, tags: tooManyTags.slice(0, 1) });
        },
      },
      ResourceInUseException: { "what is being deleted": onDeleted("TagResource", { tags: [pair] }) },
      LimitExceededException: { noKnownCondition: "too many tags are TooManyTagsException" },
    },
  },
  UntagResource: {
    succeeds: {
      "takes tags away by key, also those that are not there": async (world) => {
        const resourceArn = await ownGroup(world, [pair, { tagKey: "stage", tagValue: "live" }]);
        await world.call("UntagResource", { resourceArn, tagKeys: ["stage", "absent"] });
        expect(await tagsOf(world, resourceArn)).toEqual([pair]);
      },
    },
    refuses: {
      InvalidInputException: {
        "a schema, which can have none": async (world) =>
          world.call("UntagResource", { resourceArn: await world.have.schema("Items"), tagKeys: ["team"] }),
      },
      ResourceNotFoundException: {
        "what is not there": (world) => world.call("UntagResource", { ...absent(world), tagKeys: ["team"] }),
      },
      TooManyTagKeysException: {
        "more keys than a resource can have": async (world) =>
          world.call("UntagResource", {
            resourceArn: await ownGroup(world),
            tagKeys: tooManyTags.map(({ tagKey }) => tagKey),
          }),
      },
      ResourceInUseException: { "what is being deleted": onDeleted("UntagResource", { tagKeys: ["team"] }) },
    },
  },
  ListTagsForResource: {
    succeeds: {
      "answers none for what has none": async (world) => {
        expect(await tagsOf(world, await world.have.group())).toEqual([]);
      },
      "answers those of the creation, on whatever can have them": async (world) => {
        const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view")';
        await world.have.interactions();
        const datasetGroupArn = await world.have.group();
        const made = await world.settle("CreateFilter", {
          ...{ name: world.name(), datasetGroupArn, filterExpression, tags: [pair] },
        });
        expect(await tagsOf(world, made.filterArn)).toEqual([pair]);
      },
    },
    refuses: {
      InvalidInputException: {
        "a schema, which can have none": async (world) =>
          world.call("ListTagsForResource", { resourceArn: await world.have.schema("Items") }),
      },
      ResourceNotFoundException: {
        "what is not there": (world) => world.call("ListTagsForResource", absent(world)),
      },
      ResourceInUseException: { "what is being deleted": onDeleted("ListTagsForResource", {}) },
    },
  },
};
