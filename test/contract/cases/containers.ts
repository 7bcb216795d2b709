/** Dataset groups, schemas, datasets, event trackers and filters: made, changed and deleted. */
import { expect } from "@jest/globals";
import { type Contract, costly, crowded, tooManyTags, untilRefused } from "../contract.ts";
import { schemas } from "../world/fixtures.ts";
import type { World } from "../world/world.ts";

const groupIn = (world: World, more: object = {}) =>
  world.settle("CreateDatasetGroup", { name: world.name(), ...more });

const datasetIn = async (world: World, more: object = {}) => ({
  name: world.name(),
  datasetGroupArn: await world.have.group(),
  schemaArn: await world.have.schema("Interactions"),
  datasetType: "Interactions",
  ...more,
});

/** A group of its own with an Interactions dataset. */
async function ownDataset(world: World) {
  const { datasetGroupArn } = await groupIn(world);
  return (await world.settle("CreateDataset", await datasetIn(world, { datasetGroupArn }))).datasetArn as string;
}

async function ownUsers(world: World) {
  const { datasetGroupArn } = await groupIn(world);
  const more = { datasetGroupArn, datasetType: "Users", schemaArn: await world.have.schema("Users") };
  return (await world.settle("CreateDataset", await datasetIn(world, more))).datasetArn as string;
}

const usersWith = (...fields: object[]) =>
  JSON.stringify({
    ...{ type: "record", name: "Users", namespace: "com.amazonaws.personalize.schema", version: "1.0" },
    fields: [...(JSON.parse(schemas.Users) as { fields: object[] }).fields, ...fields],
  });

const wider = async (world: World, type: unknown = ["null", "string"]) => {
  const schema = usersWith({ name: "COUNTRY", type, categorical: true });
  return (await world.call("CreateSchema", { name: world.name(), schema })).schemaArn as string;
};

const expression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view")';
const filterIn = async (world: World, more: object = {}) => ({
  name: world.name(),
  datasetGroupArn: await world.have.group(),
  filterExpression: expression,
  ...more,
});

/** What is being created cannot be deleted, and what is being deleted not again. */
const whileItIsMade =
  (create: string, remove: string, member: string, input: (world: World) => Promise<object>) =>
  async (world: World) => {
    const asked = await input(world);
    return world.still(async () => {
      const answer = await world.call(create, asked);
      return world.call(remove, { [member]: answer[member] });
    });
  };

const deletedTwice =
  (remove: string, member: string, make: (world: World) => Promise<string>) => async (world: World) => {
    const arn = await make(world);
    return world.still(async () => {
      await world.call(remove, { [member]: arn });
      return world.call(remove, { [member]: arn });
    });
  };

const isGone = async (world: World, describe: string, input: object) =>
  expect(world.call(describe, input)).rejects.toMatchObject({ name: "ResourceNotFoundException" });

const deletes = (noun: string, member: string, make: (world: World) => Promise<string>) => async (world: World) => {
  const arn = await make(world);
  await world.settle(`Delete${noun}`, { [member]: arn });
  await isGone(world, `Describe${noun}`, { [member]: arn });
};

export const datasetGroups: Contract = {
  CreateDatasetGroup: {
    succeeds: {
      "answers the ARN, which is made of the name, and the domain": async (world) => {
        const name = world.name();
        const answer = await groupIn(world, { name, domain: "ECOMMERCE" });
        expect(answer).toMatchObject({ datasetGroupArn: world.arn(`dataset-group/${name}`), domain: "ECOMMERCE" });
      },
      "becomes ACTIVE by way of CREATE PENDING": async (world) => {
        const { datasetGroupArn } = await world.still(async () => {
          const made = await world.call("CreateDatasetGroup", { name: world.name() });
          const { datasetGroup } = await world.call("DescribeDatasetGroup", made);
          expect(datasetGroup.status).toMatch(/^CREATE (PENDING|IN_PROGRESS)$/);
          return made;
        });
        await world.rest();
        const { datasetGroup } = await world.call("DescribeDatasetGroup", { datasetGroupArn });
        expect(datasetGroup.status).toBe("ACTIVE");
      },
    },
    refuses: {
      InvalidInputException: {
        "a name with a space": (world) => world.call("CreateDatasetGroup", { name: "two words" }),
        "no name": (world) => world.call("CreateDatasetGroup", {}),
        "a name of 64 characters": (world) => world.call("CreateDatasetGroup", { name: "n".repeat(64) }),
        "a domain that does not exist": (world) => world.call("CreateDatasetGroup", { name: "d", domain: "MUSIC" }),
        "a role without a key": (world) =>
          world.call("CreateDatasetGroup", { name: world.name(), roleArn: world.roleArn }),
        "the same tag twice": (world) =>
          world.call("CreateDatasetGroup", {
            name: world.name(),
            tags: [1, 2].map((n) => ({ tagKey: "team", tagValue: `${n}` })),
          }),
        "a tag that begins with aws:": (world) =>
          world.call("CreateDatasetGroup", { name: world.name(), tags: [{ tagKey: "aws:x", tagValue: "v" }] }),
      },
      ResourceAlreadyExistsException: {
        "a name that is taken": async (world) => {
          const { datasetGroup } = await world.call("DescribeDatasetGroup", {
            datasetGroupArn: await world.have.group(),
          });
          return world.call("CreateDatasetGroup", { name: datasetGroup.name });
        },
      },
      LimitExceededException: {
        "one more than the region may have": crowded((world) =>
          untilRefused(() => world.call("CreateDatasetGroup", { name: world.name() })),
        ),
      },
      TooManyTagsException: {
        "51 tags": (world) => world.call("CreateDatasetGroup", { name: world.name(), tags: tooManyTags }),
      },
    },
  },
  DeleteDatasetGroup: {
    succeeds: {
      "takes an empty group away": deletes("DatasetGroup", "datasetGroupArn", async (world) => {
        return (await groupIn(world)).datasetGroupArn as string;
      }),
    },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) =>
          world.call("DeleteDatasetGroup", { datasetGroupArn: await world.have.schema("Items") }),
      },
      ResourceNotFoundException: {
        "a group that is not there": (world) =>
          world.call("DeleteDatasetGroup", { datasetGroupArn: world.arn("dataset-group/absent") }),
      },
      ResourceInUseException: {
        "a group with a dataset": async (world) => {
          const { dataset } = await world.call("DescribeDataset", { datasetArn: await ownDataset(world) });
          return world.call("DeleteDatasetGroup", { datasetGroupArn: dataset.datasetGroupArn });
        },
        "a group that is being made": whileItIsMade(
          "CreateDatasetGroup",
          "DeleteDatasetGroup",
          "datasetGroupArn",
          async (world) => ({ name: world.name() }),
        ),
        "a group that is being deleted": deletedTwice("DeleteDatasetGroup", "datasetGroupArn", async (world) => {
          return (await groupIn(world)).datasetGroupArn as string;
        }),
      },
    },
  },
};

export const datasets: Contract = {
  CreateSchema: {
    succeeds: {
      "keeps the text as it was sent": async (world) => {
        const schema = schemas.Interactions.replace("{", "{ ");
        const { schemaArn } = await world.call("CreateSchema", { name: world.name(), schema });
        expect((await world.call("DescribeSchema", { schemaArn })).schema.schema).toBe(schema);
      },
    },
    refuses: {
      InvalidInputException: {
        "what is no JSON": (world) => world.call("CreateSchema", { name: world.name(), schema: "{" }),
        "a record without a required field": (world) =>
          world.call("CreateSchema", { name: world.name(), schema: schemas.Users.replace("USER_ID", "USER") }),
        "a text of 20,001 characters": (world) =>
          world.call("CreateSchema", { name: world.name(), schema: " ".repeat(20_001) }),
      },
      ResourceAlreadyExistsException: {
        "a name that is taken": async (world) => {
          const { schema } = await world.call("DescribeSchema", { schemaArn: await world.have.schema("Items") });
          return world.call("CreateSchema", { name: schema.name, schema: schemas.Items });
        },
      },
      LimitExceededException: {
        "one more than the region may have": crowded((world) =>
          untilRefused(() => world.call("CreateSchema", { name: world.name(), schema: schemas.Items })),
        ),
      },
    },
  },
  DeleteSchema: {
    succeeds: {
      "takes it away at once": async (world) => {
        const { schemaArn } = await world.call("CreateSchema", { name: world.name(), schema: schemas.Items });
        await world.call("DeleteSchema", { schemaArn });
        await isGone(world, "DescribeSchema", { schemaArn });
      },
    },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) => world.call("DeleteSchema", { schemaArn: await world.have.group() }),
      },
      ResourceNotFoundException: {
        "a schema that is not there": (world) => world.call("DeleteSchema", { schemaArn: world.arn("schema/absent") }),
      },
      ResourceInUseException: {
        "a schema that a dataset has": async (world) => {
          await world.have.items();
          return world.call("DeleteSchema", { schemaArn: await world.have.schema("Items") });
        },
      },
    },
  },
  CreateDataset: {
    succeeds: {
      "is named by its group and type, in capitals": async (world) => {
        const { datasetGroupArn } = await groupIn(world);
        const { datasetArn } = await world.settle("CreateDataset", await datasetIn(world, { datasetGroupArn }));
        expect(datasetArn).toBe(`${datasetGroupArn.replace(":dataset-group/", ":dataset/")}/INTERACTIONS`);
        const { dataset } = await world.call("DescribeDataset", { datasetArn });
        expect(dataset).toMatchObject({ datasetType: "INTERACTIONS", status: "ACTIVE" });
      },
    },
    refuses: {
      InvalidInputException: {
        "a type that does not exist": async (world) =>
          world.call("CreateDataset", await datasetIn(world, { datasetType: "Films" })),
        "a schema of another type": async (world) => {
          const { datasetGroupArn } = await groupIn(world);
          return world.call("CreateDataset", await datasetIn(world, { datasetGroupArn, datasetType: "Items" }));
        },
        "a schema without the group's domain": async (world) => {
          const { datasetGroupArn } = await groupIn(world, { domain: "ECOMMERCE" });
          return world.call("CreateDataset", await datasetIn(world, { datasetGroupArn }));
        },
      },
      ResourceNotFoundException: {
        "a group that is not there": async (world) =>
          world.call("CreateDataset", await datasetIn(world, { datasetGroupArn: world.arn("dataset-group/absent") })),
        "a schema that is not there": async (world) => {
          const { datasetGroupArn } = await groupIn(world);
          const schemaArn = world.arn("schema/absent");
          return world.call("CreateDataset", await datasetIn(world, { datasetGroupArn, schemaArn }));
        },
      },
      ResourceAlreadyExistsException: {
        "a second dataset of its type in the group": async (world) => {
          await world.have.interactions();
          return world.call("CreateDataset", await datasetIn(world));
        },
      },
      LimitExceededException: {
        noKnownCondition: "a group has one dataset of each type, and a second one exists already",
      },
      ResourceInUseException: {
        "a group that is being made": async (world) => {
          const input = await datasetIn(world);
          return world.still(async () => {
            const { datasetGroupArn } = await world.call("CreateDatasetGroup", { name: world.name() });
            return world.call("CreateDataset", { ...input, datasetGroupArn });
          });
        },
      },
      TooManyTagsException: {
        "51 tags": async (world) => world.call("CreateDataset", await datasetIn(world, { tags: tooManyTags })),
      },
    },
  },
  UpdateDataset: {
    succeeds: {
      "swaps the schema, the old one counting until the update is ACTIVE": async (world) => {
        const [datasetArn, schemaArn] = [await ownUsers(world), await wider(world)];
        await world.still(async () => {
          await world.call("UpdateDataset", { datasetArn, schemaArn });
          const { dataset } = await world.call("DescribeDataset", { datasetArn });
          expect(dataset).toMatchObject({
            ...{ status: "ACTIVE", schemaArn: await world.have.schema("Users") },
            latestDatasetUpdate: { schemaArn, status: expect.stringMatching(/PENDING|IN_PROGRESS/) },
          });
        });
        await world.rest();
        const { dataset } = await world.call("DescribeDataset", { datasetArn });
        expect(dataset).toMatchObject({ schemaArn, latestDatasetUpdate: { status: "ACTIVE" } });
      },
    },
    refuses: {
      InvalidInputException: {
        "a new field that may not be null": async (world) =>
          world.call("UpdateDataset", { datasetArn: await ownUsers(world), schemaArn: await wider(world, "string") }),
        "a schema that lacks a field": async (world) => {
          const [datasetArn, schemaArn] = [await ownUsers(world), await wider(world)];
          await world.settle("UpdateDataset", { datasetArn, schemaArn });
          return world.call("UpdateDataset", { datasetArn, schemaArn: await world.have.schema("Users") });
        },
        "a dataset of interactions": async (world) =>
          world.call("UpdateDataset", { datasetArn: await ownDataset(world), schemaArn: await wider(world) }),
      },
      ResourceNotFoundException: {
        "a dataset that is not there": async (world) =>
          world.call("UpdateDataset", { datasetArn: world.arn("dataset/absent/USERS"), schemaArn: await wider(world) }),
      },
      ResourceInUseException: {
        "an update while another one runs": async (world) => {
          const [datasetArn, schemaArn] = [await ownUsers(world), await wider(world)];
          return world.still(async () => {
            await world.call("UpdateDataset", { datasetArn, schemaArn });
            return world.call("UpdateDataset", { datasetArn, schemaArn });
          });
        },
      },
    },
  },
  DeleteDataset: {
    succeeds: { "takes it away": deletes("Dataset", "datasetArn", ownDataset) },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) =>
          world.call("DeleteDataset", { datasetArn: await world.have.group() }),
      },
      ResourceNotFoundException: {
        "a dataset that is not there": (world) =>
          world.call("DeleteDataset", { datasetArn: world.arn("dataset/absent/ITEMS") }),
      },
      ResourceInUseException: {
        "a dataset in whose group there is a filter": async (world) => {
          const { dataset } = await world.call("DescribeDataset", { datasetArn: await ownDataset(world) });
          const { datasetGroupArn, datasetArn } = dataset;
          await world.settle("CreateFilter", await filterIn(world, { datasetGroupArn }));
          return world.call("DeleteDataset", { datasetArn });
        },
        "interactions in whose group there is an event tracker": async (world) => {
          const { dataset } = await world.call("DescribeDataset", { datasetArn: await ownDataset(world) });
          const { datasetGroupArn, datasetArn } = dataset;
          await world.settle("CreateEventTracker", { name: world.name(), datasetGroupArn });
          return world.call("DeleteDataset", { datasetArn });
        },
        "a dataset that is being deleted": deletedTwice("DeleteDataset", "datasetArn", ownDataset),
      },
    },
  },
};

async function ownTracker(world: World) {
  const { dataset } = await world.call("DescribeDataset", { datasetArn: await ownDataset(world) });
  const input = { name: world.name(), datasetGroupArn: dataset.datasetGroupArn };
  return (await world.settle("CreateEventTracker", input)).eventTrackerArn as string;
}

const ownFilter = async (world: World) => {
  await world.have.interactions();
  return (await world.settle("CreateFilter", await filterIn(world))).filterArn as string;
};

export const trackersAndFilters: Contract = {
  CreateEventTracker: {
    succeeds: {
      "answers an ARN of eight hexadecimal digits and a tracking id": async (world) => {
        const { dataset } = await world.call("DescribeDataset", { datasetArn: await ownDataset(world) });
        const input = { name: world.name(), datasetGroupArn: dataset.datasetGroupArn };
        const { eventTrackerArn, trackingId } = await world.settle("CreateEventTracker", input);
        expect(eventTrackerArn).toMatch(/:event-tracker\/[0-9a-f]{8}$/);
        expect(trackingId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      },
    },
    refuses: {
      InvalidInputException: {
        "a name with a slash": async (world) =>
          world.call("CreateEventTracker", { name: "a/b", datasetGroupArn: await world.have.group() }),
      },
      ResourceNotFoundException: {
        "a group that is not there": (world) =>
          world.call("CreateEventTracker", { name: world.name(), datasetGroupArn: world.arn("dataset-group/absent") }),
      },
      ResourceAlreadyExistsException: {
        "a second tracker of the group": async (world) => {
          await world.have.tracker();
          return world.call("CreateEventTracker", { name: world.name(), datasetGroupArn: await world.have.group() });
        },
      },
      LimitExceededException: {
        noKnownCondition: "a group has one event tracker, and a second one exists already",
      },
      ResourceInUseException: {
        "a group that is being made": (world) =>
          world.still(async () => {
            const { datasetGroupArn } = await world.call("CreateDatasetGroup", { name: world.name() });
            return world.call("CreateEventTracker", { name: world.name(), datasetGroupArn });
          }),
      },
      TooManyTagsException: {
        "51 tags": async (world) => {
          const input = { name: world.name(), datasetGroupArn: await world.have.group(), tags: tooManyTags };
          return world.call("CreateEventTracker", input);
        },
      },
    },
  },
  DeleteEventTracker: {
    succeeds: { "takes it away": deletes("EventTracker", "eventTrackerArn", ownTracker) },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) =>
          world.call("DeleteEventTracker", { eventTrackerArn: await world.have.group() }),
      },
      ResourceNotFoundException: {
        "a tracker that is not there": (world) =>
          world.call("DeleteEventTracker", { eventTrackerArn: world.arn("event-tracker/00000000") }),
      },
      ResourceInUseException: {
        "a tracker that is being deleted": deletedTwice("DeleteEventTracker", "eventTrackerArn", ownTracker),
      },
    },
  },
  CreateFilter: {
    succeeds: {
      "keeps the expression": async (world) => {
        const filterArn = await ownFilter(world);
        const { filter } = await world.call("DescribeFilter", { filterArn });
        expect(filter).toMatchObject({ filterExpression: expression, status: "ACTIVE" });
      },
    },
    refuses: {
      InvalidInputException: {
        "an expression that is none": async (world) =>
          world.call("CreateFilter", await filterIn(world, { filterExpression: "EVERYTHING" })),
        "a placeholder after NOT IN": async (world) =>
          world.call(
            "CreateFilter",
            await filterIn(world, { filterExpression: "EXCLUDE ItemID WHERE Items.CATEGORY NOT IN ($C)" }),
          ),
        "an expression of 2,501 characters": async (world) =>
          world.call("CreateFilter", await filterIn(world, { filterExpression: " ".repeat(2501) })),
      },
      ResourceNotFoundException: {
        "a group that is not there": async (world) =>
          world.call("CreateFilter", await filterIn(world, { datasetGroupArn: world.arn("dataset-group/absent") })),
      },
      ResourceAlreadyExistsException: {
        "a name that is taken": async (world) => {
          const { filter } = await world.call("DescribeFilter", { filterArn: await world.have.filter() });
          return world.call("CreateFilter", await filterIn(world, { name: filter.name }));
        },
      },
      LimitExceededException: {
        "one more than a group may have": crowded(async (world) => {
          await world.have.interactions();
          return untilRefused(async () => world.call("CreateFilter", await filterIn(world)));
        }),
      },
      TooManyTagsException: {
        "51 tags": async (world) => world.call("CreateFilter", await filterIn(world, { tags: tooManyTags })),
      },
    },
  },
  DeleteFilter: {
    succeeds: { "takes it away": deletes("Filter", "filterArn", ownFilter) },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) => world.call("DeleteFilter", { filterArn: await world.have.group() }),
      },
      ResourceNotFoundException: {
        "a filter that is not there": (world) => world.call("DeleteFilter", { filterArn: world.arn("filter/absent") }),
      },
      ResourceInUseException: {
        "a filter that is being deleted": costly(deletedTwice("DeleteFilter", "filterArn", ownFilter)),
      },
    },
  },
};
