import { describe, expect, it } from "@jest/globals";
import { ConfigurationRefused, resolveConfig } from "../../../pipeline/config/outrank-config.ts";
import { configInput, noFiles } from "../../support/run-fixtures.ts";

function faultsOf(changes: object): readonly string[] {
  try {
    resolveConfig({ datasetGroups: [{ ...configInput().datasetGroups[0], ...changes }] }, noFiles);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationRefused) return error.faults;
    throw error;
  }
}

const solution = (more: object) => ({ solutions: [{ name: "for-you", recipe: "aws-hrnn", ...more }] });
const batch = { name: "mail", solution: "for-you" };

describe("a dataset group that contradicts itself", () => {
  it.each([
    {
      why: "UPDATE of a recipe that is always trained whole",
      changes: solution({ trainingMode: "UPDATE" }),
      fault:
        "$.datasetGroups[0].solutions[0].trainingMode: UPDATE is only for aws-user-personalization and aws-hrnn-coldstart",
    },
    {
      why: "bounds of a search that is not made",
      changes: solution({ config: { hpoConfig: { hpoResourceConfig: { maxNumberOfTrainingJobs: "4" } } } }),
      fault: "$.datasetGroups[0].solutions[0].config.hpoConfig: does nothing without performHPO: true",
    },
    {
      why: "a batch job of a solution that is not there",
      changes: { followUp: { batchInference: [{ ...batch, solution: "for-me" }] } },
      fault:
        '$.datasetGroups[0].followUp.batchInference[0].solution: no solution "for-me" in this group; there is for-you',
    },
    {
      why: "a batch job with a filter that is not there",
      changes: { followUp: { batchInference: [{ ...batch, filter: "new" }] } },
      fault: '$.datasetGroups[0].followUp.batchInference[0].filter: no filter "new" in this group; there is none',
    },
    {
      why: "two batch jobs of one name",
      changes: { followUp: { batchInference: [batch, batch] } },
      fault: '$.datasetGroups[0].followUp.batchInference[1].name: "mail" is there twice',
    },
    {
      why: "a recommender outside a domain",
      changes: { followUp: { recommenders: [{ name: "top", recipe: "aws-vod-top-picks" }] } },
      fault: '$.datasetGroups[0].followUp.recommenders[0]: recommenders need "domain" in the group',
    },
    {
      why: "a recommender of another domain",
      changes: { domain: "ECOMMERCE", followUp: { recommenders: [{ name: "top", recipe: "aws-vod-top-picks" }] } },
      fault: "$.datasetGroups[0].followUp.recommenders[0].recipe: not of the domain ECOMMERCE",
    },
    {
      why: "a job name that would make a name too long",
      changes: { followUp: { batchInference: [{ ...batch, name: "a-name-of-twenty-one-x" }] } },
      fault: "$.datasetGroups[0].followUp.batchInference[0].name: 2 to 20 of a-z, 0-9 and -, beginning with a letter",
    },
  ])("names $why", ({ changes, fault }) => {
    expect(faultsOf(changes)).toContain(fault);
  });

  it("is none when all of it fits together", () => {
    const filters = [{ name: "new", expression: "INCLUDE ItemID WHERE Items.PRICE > 1" }];

    expect(faultsOf({ followUp: { filters, batchInference: [{ ...batch, filter: "new" }] } })).toEqual([]);
  });
});
