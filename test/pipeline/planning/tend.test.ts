import { describe, expect, it } from "@jest/globals";
import { jobsDue, planFilter, planRecommender } from "../../../pipeline/planning/tend.ts";
import { plainOptions } from "../../../pipeline/planning/run-options.ts";
import { aRun, configInput } from "../../support/run-fixtures.ts";

const filter = { name: "f", arn: "filter/f", expression: "INCLUDE ItemID WHERE Items.A IN (1)" };

describe("a filter", () => {
  it.each([
    { seen: null, step: "create", why: "there is none" },
    { seen: { status: "CREATE PENDING", expression: filter.expression }, step: "wait", why: "it is being made" },
    { seen: { status: "ACTIVE", expression: filter.expression }, step: "done", why: "it is there" },
    {
      seen: { status: "ACTIVE", expression: " INCLUDE  ItemID\nWHERE Items.A IN (1)" },
      ...{ step: "done", why: "only its white space differs" },
    },
    { seen: { status: "ACTIVE", expression: "other" }, step: "replace", why: "it says something else" },
    { seen: { status: "CREATE FAILED", expression: "other" }, step: "replace", why: "another one failed" },
    { seen: { status: "CREATE FAILED", expression: filter.expression }, step: "fail", why: "this very one failed" },
    { seen: { status: "DELETE IN_PROGRESS", expression: "other" }, step: "wait", why: "the old one is going" },
  ])("is to $step when $why", ({ seen, step }) => {
    expect(planFilter(filter, seen).step).toBe(step);
  });
});

const config = { minRecommendationRequestsPerSecond: 1 };
const recommender = { name: "r", arn: "recommender/r", recipeArn: "recipe", config, state: "ACTIVE" as const };

describe("a recommender", () => {
  it.each([
    { seen: null, step: "create", why: "there is none" },
    { seen: { status: "ACTIVE", config, update: null }, step: "done", why: "it is as wanted" },
    {
      seen: { status: "ACTIVE", config: { ...config, extra: 1 }, update: null },
      ...{ step: "done", why: "the service says more of it than we ask" },
    },
    { seen: { status: "ACTIVE", config: {}, update: null }, step: "update", why: "its settings differ" },
    {
      seen: { status: "ACTIVE", config: {}, update: { status: "CREATE IN_PROGRESS" } },
      ...{ step: "wait", why: "it is being updated" },
    },
    {
      seen: { status: "ACTIVE", config: {}, update: { status: "CREATE FAILED" } },
      ...{ step: "fail", why: "its update failed" },
    },
    { seen: { status: "INACTIVE", config, update: null }, step: "start", why: "it was stopped" },
  ])("is to $step when $why", ({ seen, step }) => {
    expect(planRecommender(recommender, seen).step).toBe(step);
  });

  it("is to stop when the configuration wants it stopped", () => {
    const seen = { status: "ACTIVE", config, update: null };

    expect(planRecommender({ ...recommender, state: "INACTIVE" }, seen).step).toBe("stop");
  });
});

describe("batch jobs", () => {
  const followUp = {
    batchInference: [
      { name: "mail", solution: "for-you" },
      { name: "nightly", solution: "for-you", when: "always" as const },
    ],
    batchSegments: [{ name: "fans", recipe: "aws-item-affinity" as const }],
  };
  const due = (options: object, promoted: readonly string[]) => {
    const [group, ...rest] = configInput().datasetGroups;
    const run = aRun(
      { options: { ...plainOptions, ...options } },
      { datasetGroups: [{ ...group!, followUp }, ...rest] },
    );
    return jobsDue(run, promoted).map(({ name }) => name.split("-").at(2));
  };

  it.each([
    { why: "a promotion", options: {}, promoted: ["for-you"], names: ["mail", "nightly", "fans"] },
    { why: "a run that kept the live version", options: {}, promoted: [], names: ["nightly", "fans"] },
    { why: "a run for the batch stage", options: { stages: ["batch"] }, promoted: [], names: ["mail", "nightly"] },
    {
      why: "a run without the batch stage",
      options: { stages: ["import", "train"] },
      promoted: ["for-you"],
      names: [],
    },
    { why: "a dry run", options: { dryRun: true }, promoted: ["for-you"], names: [] },
  ])("of $why", ({ options, promoted, names }) => {
    expect(due(options, promoted)).toEqual(names);
  });
});
