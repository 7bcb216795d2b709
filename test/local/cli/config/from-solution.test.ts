import { describe, expect, it } from "@jest/globals";
import { fromSolution } from "../../../../local/cli/config/from-solution.ts";
import { bookshop, films } from "./parameter-files.ts";

const string = (name: string) => ({ name, type: "string" });
const interactions = {
  type: "record",
  name: "Interactions",
  namespace: "com.amazonaws.personalize.schema",
  fields: [string("USER_ID"), string("ITEM_ID"), { name: "TIMESTAMP", type: "long" }, string("EVENT_TYPE")],
  version: "1.0",
};

const told = (raw: unknown, kind: "left" | "changed") =>
  fromSolution(raw)
    .remarks.filter((remark) => remark.kind === kind)
    .map(({ path }) => path)
    .sort();

describe("a bookshop that imports nightly, trains weekly and updates daily", () => {
  it("becomes a group with stages of its own", () => {
    const filter = "not-yet-bought-by-th";

    expect(fromSolution(bookshop)).toMatchObject({ faults: [] });
    expect(fromSolution(bookshop).config).toEqual({
      project: "outrank",
      tags: { team: "shelf" },
      datasetGroups: [
        {
          name: "books-eu",
          datasets: {
            interactions: { schema: interactions },
            users: {
              schema: {
                ...interactions,
                name: "Users",
                fields: [string("USER_ID"), { name: "COUNTRY", type: ["null", "string"], categorical: true }],
              },
              importMode: "INCREMENTAL",
            },
          },
          solutions: [
            {
              ...{ name: "for-readers", recipe: "aws-user-personalization", eventType: "purchase", performHPO: true },
              ...{ trainingMode: "UPDATE", fullTrainingDays: 7 },
              config: {
                hpoConfig: { hpoResourceConfig: { maxNumberOfTrainingJobs: "10", maxParallelTrainingJobs: "2" } },
              },
              campaign: { minProvisionedTPS: 2, config: { itemExplorationConfig: { explorationWeight: "0.2" } } },
            },
          ],
          eventTracker: true,
          cadence: {
            onUpload: "import",
            import: { expression: "cron(0 2 * * ? *)", timezone: "UTC" },
            train: { expression: "cron(0 4 * * ? *)", timezone: "UTC", whenUnchanged: "retrain" },
            batch: { expression: "cron(0 6 ? * MON *)", timezone: "UTC" },
          },
          followUp: {
            filters: [{ name: filter, expression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase")' }],
            batchInference: [{ name: "for-readers-batch", numResults: 50, filter, solution: "for-readers" }],
            batchSegments: [{ name: "who-likes-it", numResults: 500, recipe: "aws-item-affinity" }],
          },
        },
      ],
    });
  });

  it("is told what has no place, all of it", () => {
    expect(told(bookshop, "left")).toEqual([
      "$.datasetGroup.serviceConfig.kmsKeyArn",
      "$.datasetGroup.workflowConfig.maxAge",
      "$.datasets.serviceConfig.tags",
      "$.mystery.deep[0]",
      "$.solutions[0].batchInferenceJobs[0].serviceConfig.jobInput",
      "$.solutions[0].campaigns[1]",
      "$.solutions[0].serviceConfig.solutionConfig.hpoConfig.hpoObjective",
      "$.solutions[0].workflowConfig.maxAge",
      "$.solutions[1]",
      "$.solutions[2]",
      "$.solutions[3].batchSegmentJobs[0].workflowConfig.schedule",
    ]);
    expect(fromSolution(bookshop).remarks.find(({ path }) => path === "$.solutions[1]")?.reason).toContain(
      "aws-sims is no candidate: it recommends items like an item",
    );
  });

  it("is told what became something else", () => {
    expect(told(bookshop, "changed")).toEqual([
      "$.datasetGroup.serviceConfig.name",
      "$.datasets.interactions.dataset.serviceConfig.name",
      "$.datasets.interactions.schema.serviceConfig.name",
      "$.datasets.interactions.schema.serviceConfig.schema", // the record's name
      "$.datasets.users.dataset.serviceConfig.name",
      "$.datasets.users.schema.serviceConfig.name",
      "$.datasets.users.schema.serviceConfig.schema", // doc
      "$.eventTracker.serviceConfig.name",
      "$.filters[0].serviceConfig.name",
      "$.solutions[0].campaigns[0].serviceConfig.name",
      "$.solutions[0].serviceConfig.name",
      "$.solutions[0].serviceConfig.solutionVersion.name",
      "$.solutions[0].workflowConfig.schedules.full", // fullTrainingDays
      "$.solutions[3].serviceConfig.name",
    ]);
  });
});

describe("a film service whose solution trains by itself", () => {
  it("gets one schedule for whole runs, and keeps its recommender", () => {
    expect(fromSolution(films)).toMatchObject({ faults: [] });
    expect(fromSolution(films).config).toEqual({
      project: "outrank",
      datasetGroups: [
        {
          ...{ name: "films", domain: "VIDEO_ON_DEMAND", tags: { "cost-center": "42" } },
          datasets: { interactions: { schema: interactions } },
          solutions: [
            { name: "for-viewers", recipe: "aws-user-personalization-v2" },
            { name: "for-viewers-2", recipe: "aws-hrnn" },
          ],
          schedule: { expression: "rate(7 days)", timezone: "UTC" },
          followUp: {
            recommenders: [
              {
                ...{ name: "top-picks", recipe: "aws-vod-top-picks", minRecommendationRequestsPerSecond: 3 },
                itemExplorationConfig: { explorationWeight: "0.1" },
              },
            ],
          },
        },
      ],
    });
  });

  it("is told what has no place", () => {
    expect(told(films, "left")).toEqual([
      "$.solutions[0].serviceConfig.performAutoTraining",
      "$.solutions[0].serviceConfig.solutionVersion.trainingMode",
      "$.solutions[1].serviceConfig.solutionConfig.hpoConfig",
      "$.solutions[1].workflowConfig.schedules.full",
    ]);
  });
});

describe("schedules of several solutions", () => {
  const [first] = films.solutions;
  const timed = (name: string, full: string) => ({
    serviceConfig: { ...first?.serviceConfig, name, performAutoTraining: undefined },
    workflowConfig: { schedules: { full } },
  });
  const weekly = "cron(0 1 ? * 1 *)";

  it("that agree are one; another one is left, with the first one's name in the reason", () => {
    const solutions = [timed("a", weekly), timed("b", weekly), timed("c", "cron(0 9 ? * 1 *)")];
    const { config, remarks } = fromSolution({ ...films, solutions });

    expect(config).toMatchObject({ datasetGroups: [{ schedule: { expression: weekly } }] });
    expect(remarks.filter(({ path }) => path.endsWith(".full"))).toEqual([
      {
        ...{ path: "$.solutions[2].workflowConfig.schedules.full", kind: "left" },
        reason: `a group trains on one schedule, and ${weekly} was taken; for another one make another group`,
      },
    ]);
  });
});

describe("a file without anything that could compete", () => {
  it("has faults, and still says why each solution is out", () => {
    const { faults, remarks } = fromSolution({ ...bookshop, solutions: bookshop.solutions.slice(1, 3) });

    expect(faults).toEqual([expect.stringContaining("$.datasetGroups[0].solutions: ")]);
    expect(remarks.filter(({ path }) => path.startsWith("$.solutions")).map(({ reason }) => reason)).toEqual([
      expect.stringContaining("aws-sims is no candidate"),
      expect.stringContaining("aws-popularity-count is the yardstick"),
    ]);
  });
});
