/** The unmodified SDK clients against the embedded Personalize, over HTTP: shapes, dates, error classes, pagination. */
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
  DescribeDatasetGroupCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  GetSolutionMetricsCommand,
  ListTagsForResourceCommand,
  PersonalizeClient,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  UpdateCampaignCommand,
  paginateListRecipes,
} from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient, PutEventsCommand } from "@aws-sdk/client-personalize-events";
import {
  GetRecommendationsCommand,
  InvalidInputException,
  PersonalizeRuntimeClient,
  ResourceNotFoundException as RuntimeNotFound,
} from "@aws-sdk/client-personalize-runtime";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { JumpingClock } from "../../../local/cloud/clock/jumping-clock.ts";
import { historyOf, servingModel } from "../../support/fake-job-runner.ts";
import {
  groupArn,
  importOf,
  interactionsSchema,
  personalizeForTest,
  solutionArn,
  type TestPersonalize,
} from "../../support/personalize.ts";
import { startCloud } from "../../support/running-cloud.ts";

let cloud: Awaited<ReturnType<typeof startCloud>>;
let made: TestPersonalize;
beforeEach(async () => {
  cloud = await startCloud(({ store, clock }) => {
    made = personalizeForTest({ store, clock: clock as JumpingClock });
    return made.services;
  });
  made.jobs.modelOf = async () => servingModel({ histories: { u1: historyOf(0) } });
});
afterEach(() => cloud.close());

const idle = () => made.clock.idle();

describe("the SDK clients", () => {
  it("walk from a dataset group to a recommendation", async () => {
    const client = new PersonalizeClient(cloud.client());
    const began = Math.floor(made.clock.now() / 1000);

    const tags = [{ tagKey: "team", tagValue: "shop" }];
    await client.send(new CreateDatasetGroupCommand({ name: "shop", tags }));
    await idle();
    const { datasetGroup } = await client.send(new DescribeDatasetGroupCommand({ datasetGroupArn: groupArn }));
    expect(datasetGroup?.status).toBe("ACTIVE");
    expect(Math.floor((datasetGroup?.creationDateTime?.getTime() ?? 0) / 1000)).toBe(began);
    expect((await client.send(new ListTagsForResourceCommand({ resourceArn: groupArn }))).tags).toEqual(tags);

    const { schemaArn } = await client.send(new CreateSchemaCommand({ name: "s", schema: interactionsSchema }));
    const dataset = { name: "d", schemaArn, datasetGroupArn: groupArn, datasetType: "Interactions" };
    await client.send(new CreateDatasetCommand(dataset));
    await idle();
    await client.send(new CreateDatasetImportJobCommand(importOf("one")));
    await idle();
    const recipeArn = "arn:aws:personalize:::recipe/aws-hrnn";
    const solution = { name: "next", datasetGroupArn: groupArn, recipeArn, performAutoTraining: false };
    await client.send(new CreateSolutionCommand(solution));
    await idle();

    const { solutionVersionArn } = await client.send(new CreateSolutionVersionCommand({ solutionArn }));
    await idle();
    const version = await client.send(new DescribeSolutionVersionCommand({ solutionVersionArn }));
    expect(version.solutionVersion).toMatchObject({ status: "ACTIVE", trainingHours: 0.012, solutionConfig: {} });
    const described = await client.send(new DescribeSolutionCommand({ solutionArn }));
    expect(described.solution?.latestSolutionVersion?.solutionVersionArn).toBe(solutionVersionArn);
    const { metrics } = await client.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
    expect(metrics).toEqual({ coverage: 0.5, precision_at_25: 0.0123 });

    const { campaignArn } = await client.send(new CreateCampaignCommand({ name: "live", solutionVersionArn }));
    await idle();
    await client.send(new UpdateCampaignCommand({ campaignArn, minProvisionedTPS: 3 }));
    await idle();
    const { campaign } = await client.send(new DescribeCampaignCommand({ campaignArn }));
    expect(campaign?.latestCampaignUpdate).toMatchObject({ status: "ACTIVE", minProvisionedTPS: 3 });
    expect(campaign?.latestCampaignUpdate?.creationDateTime).toBeInstanceOf(Date);

    const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';
    const filter = { name: "f", datasetGroupArn: groupArn, filterExpression };
    const { filterArn } = await client.send(new CreateFilterCommand(filter));
    const tracker = { name: "t", datasetGroupArn: groupArn };
    const { trackingId } = await client.send(new CreateEventTrackerCommand(tracker));
    await idle();

    const runtime = new PersonalizeRuntimeClient(cloud.client());
    const request = { campaignArn, userId: "u1", numResults: 2, filterArn };
    const { itemList, recommendationId } = await runtime.send(new GetRecommendationsCommand(request));
    expect(itemList).toEqual([
      { itemId: "a", score: 0.4 },
      { itemId: "b", score: 0.3 },
    ]);

    const events = new PersonalizeEventsClient(cloud.client());
    const properties = JSON.stringify({ deviceType: "tv" });
    const event = { eventType: "view", itemId: "a", sentAt: new Date(1_767_600_000_000), properties, recommendationId };
    await events.send(new PutEventsCommand({ trackingId, userId: "u1", sessionId: "s", eventList: [event] }));
    expect(made.jobs.events).toEqual([
      expect.objectContaining({ timestamp: 1_767_600_000, properties: { DEVICE_TYPE: "tv" }, recommendationId }),
    ]);
  });

  it("throw the exception classes of each API", async () => {
    const client = new PersonalizeClient(cloud.client());
    const runtime = new PersonalizeRuntimeClient(cloud.client());
    await client.send(new CreateDatasetGroupCommand({ name: "shop" }));
    const campaignArn = "arn:aws:personalize:us-east-1:000000000000:campaign/no";

    const twice = client.send(new CreateDatasetGroupCommand({ name: "shop" }));
    await expect(twice).rejects.toBeInstanceOf(ResourceAlreadyExistsException);
    const unknown = client.send(new DescribeCampaignCommand({ campaignArn }));
    await expect(unknown).rejects.toBeInstanceOf(ResourceNotFoundException);
    const gone = runtime.send(new GetRecommendationsCommand({ campaignArn, userId: "u" }));
    await expect(gone).rejects.toBeInstanceOf(RuntimeNotFound);
    await expect(runtime.send(new GetRecommendationsCommand({}))).rejects.toBeInstanceOf(InvalidInputException);
  });

  it("page through lists to their end", async () => {
    const client = new PersonalizeClient(cloud.client());

    const names: (string | undefined)[] = [];
    for await (const page of paginateListRecipes({ client, pageSize: 10 }, {})) {
      names.push(...(page.recipes ?? []).map(({ name }) => name));
    }

    expect(new Set(names).size).toBe(25);
    expect(names).toHaveLength(25);
  });
});
