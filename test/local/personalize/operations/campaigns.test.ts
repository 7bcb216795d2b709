/** Campaigns: what they serve while they are made, updated, followed and taken down. */
import { describe, expect, it } from "@jest/globals";
import {
  arn,
  campaignArn,
  personalizeForTest,
  solutionArn,
  train,
  withCampaign,
  withSolution,
  type TestPersonalize,
} from "../../../support/personalize.ts";

const campaign = async ({ call }: TestPersonalize) => (await call("DescribeCampaign", { campaignArn })).campaign;

describe("CreateCampaign", () => {
  it("loads the model before it says ACTIVE", async () => {
    const { personalize, solutionVersionArn } = await withCampaign(personalizeForTest());

    expect(personalize.jobs.opened).toEqual([solutionVersionArn]);
    expect(await campaign(personalize)).toMatchObject({ status: "ACTIVE", solutionVersionArn, minProvisionedTPS: 1 });
    expect(await campaign(personalize)).not.toHaveProperty("latestCampaignUpdate");
  });

  it("fails when the model cannot be loaded", async () => {
    const personalize = await withSolution(personalizeForTest());
    const solutionVersionArn = await train(personalize);
    personalize.jobs.modelOf = () => Promise.reject(new Error("checksum of weights differs"));

    await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn });

    expect(await campaign(personalize)).toMatchObject({
      status: "CREATE FAILED",
      failureReason: expect.stringContaining("checksum of weights differs"),
    });
  });

  it.each([
    { why: "the bare solution", versionArn: solutionArn, error: "ResourceNotFoundException" },
    { why: "an unknown version", versionArn: `${solutionArn}/00000000`, error: "ResourceNotFoundException" },
    {
      why: "$LATEST of a solution without versions",
      versionArn: `${solutionArn}/$LATEST`,
      error: "ResourceInUseException",
    },
  ])("refuses $why", async ({ versionArn, error }) => {
    const { call } = await withSolution(personalizeForTest());

    await expect(call("CreateCampaign", { name: "live", solutionVersionArn: versionArn })).rejects.toMatchObject({
      name: error,
    });
  });

  it("refuses a version that is still training", async () => {
    const { call, clock } = await withSolution(personalizeForTest());
    const release = clock.hold();
    const { solutionVersionArn } = await call("CreateSolutionVersion", { solutionArn });

    await expect(call("CreateCampaign", { name: "live", solutionVersionArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
    });
    release();
  });

  it("follows the latest version only by way of $LATEST", async () => {
    const personalize = await withSolution(personalizeForTest());
    const solutionVersionArn = await train(personalize);
    const campaignConfig = { syncWithLatestSolutionVersion: true };

    await expect(
      personalize.call("CreateCampaign", { name: "live", solutionVersionArn, campaignConfig }),
    ).rejects.toMatchObject({ name: "InvalidInputException", message: expect.stringContaining("$LATEST") });
  });

  it("refuses an exploration weight out of range", async () => {
    const personalize = await withSolution(personalizeForTest());
    const solutionVersionArn = await train(personalize);
    const campaignConfig = { itemExplorationConfig: { explorationWeight: "1.5" } };

    await expect(
      personalize.call("CreateCampaign", { name: "live", solutionVersionArn, campaignConfig }),
    ).rejects.toMatchObject({ message: expect.stringContaining("from 0 to 1") });
  });

  it("is limited per dataset group, in the service's words", async () => {
    const quotas = { campaignsPerDatasetGroup: 1 };
    const { personalize, solutionVersionArn } = await withCampaign(personalizeForTest({ settings: { quotas } }));

    await expect(personalize.call("CreateCampaign", { name: "two", solutionVersionArn })).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "Cannot create a campaign. More than 1 resources in ACTIVE state. Please delete some and try again.",
    });
  });
});

describe("UpdateCampaign", () => {
  it("serves the old version and stays ACTIVE until the update is ACTIVE", async () => {
    const { personalize, solutionVersionArn: before } = await withCampaign(personalizeForTest());
    const after = await train(personalize);
    const release = personalize.clock.hold();

    await personalize.call("UpdateCampaign", { campaignArn, solutionVersionArn: after, minProvisionedTPS: 2 });
    const during = await campaign(personalize);
    release();
    await personalize.clock.idle();

    expect(during).toMatchObject({
      status: "ACTIVE",
      solutionVersionArn: before,
      minProvisionedTPS: 1,
      latestCampaignUpdate: { solutionVersionArn: after, status: "CREATE PENDING", minProvisionedTPS: 2 },
    });
    expect(await campaign(personalize)).toMatchObject({
      status: "ACTIVE",
      solutionVersionArn: after,
      minProvisionedTPS: 2,
      latestCampaignUpdate: { solutionVersionArn: after, status: "ACTIVE" },
    });
  });

  it("leaves the old version serving when the new one cannot be loaded", async () => {
    const { personalize, solutionVersionArn: before } = await withCampaign(personalizeForTest());
    const after = await train(personalize);
    personalize.jobs.modelOf = () => Promise.reject(new Error("damaged"));

    await personalize.settle("UpdateCampaign", { campaignArn, solutionVersionArn: after });

    expect(await campaign(personalize)).toMatchObject({
      status: "ACTIVE",
      solutionVersionArn: before,
      latestCampaignUpdate: { status: "CREATE FAILED", failureReason: expect.stringContaining("damaged") },
    });
    await expect(personalize.call("GetRecommendations", { campaignArn, userId: "u" })).resolves.toBeDefined();
  });

  it("heals a campaign whose creation failed", async () => {
    const personalize = await withSolution(personalizeForTest());
    const solutionVersionArn = await train(personalize);
    const { modelOf } = personalize.jobs;
    personalize.jobs.modelOf = () => Promise.reject(new Error("damaged"));
    await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn });
    personalize.jobs.modelOf = modelOf;

    await personalize.settle("UpdateCampaign", { campaignArn, solutionVersionArn });

    expect(await campaign(personalize)).toMatchObject({ status: "ACTIVE" });
    expect((await campaign(personalize)).failureReason).toBeUndefined();
  });

  it("is refused while another update runs", async () => {
    const { personalize, solutionVersionArn } = await withCampaign(personalizeForTest());
    const release = personalize.clock.hold();
    await personalize.call("UpdateCampaign", { campaignArn, solutionVersionArn });

    await expect(personalize.call("UpdateCampaign", { campaignArn, solutionVersionArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
    });
    await expect(personalize.call("DeleteCampaign", { campaignArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
    });
    release();
  });

  it("rolls back to an older version", async () => {
    const { personalize, solutionVersionArn: first } = await withCampaign(personalizeForTest());
    const second = await train(personalize);
    await personalize.settle("UpdateCampaign", { campaignArn, solutionVersionArn: second });

    await personalize.settle("UpdateCampaign", { campaignArn, solutionVersionArn: first });

    expect(await campaign(personalize)).toMatchObject({ solutionVersionArn: first });
  });
});

describe("a campaign that follows the latest version", () => {
  it("takes each new version by an update of its own", async () => {
    const personalize = await withSolution(personalizeForTest());
    await train(personalize);
    const campaignConfig = { syncWithLatestSolutionVersion: true };
    const latest = `${solutionArn}/$LATEST`;
    await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn: latest, campaignConfig });

    const second = await train(personalize);

    expect(await campaign(personalize)).toMatchObject({
      solutionVersionArn: second,
      campaignConfig,
      latestCampaignUpdate: { status: "ACTIVE" },
    });
  });
});

describe("a campaign that follows the latest version and is busy", () => {
  const following = async () => {
    const personalize = await withSolution(personalizeForTest());
    await train(personalize);
    const campaignConfig = { syncWithLatestSolutionVersion: true };
    const latest = `${solutionArn}/$LATEST`;
    await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn: latest, campaignConfig });
    return personalize;
  };

  it("takes the version that came meanwhile as soon as it can", async () => {
    const personalize = await following();
    const update = { campaignArn, minProvisionedTPS: 2 };
    personalize.clock.at(personalize.clock.now() + 250, () => void personalize.call("UpdateCampaign", update));

    const second = await train(personalize);

    expect(await campaign(personalize)).toMatchObject({ solutionVersionArn: second, minProvisionedTPS: 2 });
  });

  it("tries a version that cannot be loaded once", async () => {
    const personalize = await following();
    personalize.jobs.modelOf = () => Promise.reject(new Error("damaged"));

    const second = await train(personalize);

    expect(personalize.jobs.opened.filter((opened) => opened === second)).toHaveLength(1);
    expect(await campaign(personalize)).toMatchObject({ latestCampaignUpdate: { status: "CREATE FAILED" } });
  });
});

describe("DeleteCampaign", () => {
  it("ends with ResourceNotFound, on the runtime as well", async () => {
    const { personalize } = await withCampaign(personalizeForTest());

    await personalize.settle("DeleteCampaign", { campaignArn });

    await expect(campaign(personalize)).rejects.toMatchObject({ name: "ResourceNotFoundException", status: 400 });
    await expect(personalize.call("GetRecommendations", { campaignArn, userId: "u" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      status: 404,
    });
  });
});

describe("ListCampaigns", () => {
  it("finds the campaigns of a solution and does not tell what they serve", async () => {
    const { personalize } = await withCampaign(personalizeForTest());

    const { campaigns } = await personalize.call("ListCampaigns", { solutionArn });
    const others = await personalize.call("ListCampaigns", { solutionArn: arn("solution/other") });

    expect(campaigns).toEqual([expect.objectContaining({ name: "live", status: "ACTIVE" })]);
    expect(campaigns[0]).not.toHaveProperty("solutionVersionArn");
    expect(others.campaigns).toEqual([]);
  });
});
