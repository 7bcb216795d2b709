/**
 * Programs as others write them for Personalize, in child processes against an empty embedded account: nothing in them knows where they
 * run. Their call sequences are those of the public notebooks and pipelines; what they print says what they saw.
 */
import { describe, expect, it } from "@jest/globals";
import { sharedAccount, withBoto, withCli } from "../support/client-programs.ts";
import { communitiesConfig, interactionsCsv } from "../support/communities.ts";

const account = sharedAccount();
const boto = withBoto();
const cli = withCli();

describe("a program with boto3", () => {
  boto.test(
    `goes from an empty account to a campaign and back, as the first notebook does${boto.note}`,
    async () => {
      expect(await account.run("python3", ["first_campaign.py"])).toEqual({
        ...{ import: "ACTIVE", recipe: true, listed: 25, differ: true, "after events": 25, left: [0, 0] },
        metrics: [
          "coverage",
          "mean_reciprocal_rank_at_25",
          "normalized_discounted_cumulative_gain_at_10",
          "normalized_discounted_cumulative_gain_at_25",
          "normalized_discounted_cumulative_gain_at_5",
          "precision_at_10",
          "precision_at_25",
          "precision_at_5",
        ],
      });
    },
    180_000,
  );

  boto.test(
    `compares recipes, filters, ranks and answers batches, as the workshops do${boto.note}`,
    async () => {
      expect(await account.run("python3", ["workshop.py"])).toEqual({
        ...{ metrics: true, comedy: true, genre: true, decade: true, disjoint: true, related: true },
        ...{ ranked: true, id: true, batch: true, tags: true },
      });
    },
    180_000,
  );

  boto.test(
    `keeps a group fresh by describing before creating, as pipelines do${boto.note}`,
    async () => {
      expect(await account.run("python3", ["maintained.py"])).toEqual({
        first: [
          ...["campaign", "dataset", "dataset-group", "filter", "import", "schema", "solution"],
          ...["tracker", "version"],
        ],
        again: [],
        "new data": ["import", "import"],
        ...{ updated: true, batch: true },
      });
    },
    180_000,
  );

  boto.test(
    `watches how much campaigns are used, with metrics, alarms and events of its own, as the monitor does${boto.note}`,
    async () => {
      expect(await account.run("python3", ["monitor.py"])).toEqual({
        ...{ requests: [6, 0], alarms: [4, 0], metrics: 6, again: 0, acting: [false, false, true, true] },
        ...{ told: 0, removed: 4 },
      });
    },
    120_000,
  );
});

describe("a program with the SDK for JavaScript", () => {
  it("makes a recommender of a domain, stops it, starts it and cleans up", async () => {
    expect(await account.run(process.execPath, ["recommender.mjs"])).toEqual({
      ...{ recipes: 5, metrics: 8, before: 5, stopped: "ResourceNotFoundException", after: 5 },
    });
  }, 120_000);
});

describe("a script with the aws cli", () => {
  cli.test(
    `goes from a file to recommendations${cli.note}`,
    async () => {
      const fields = JSON.stringify(communitiesConfig().datasetGroups[0]?.datasets.interactions.schema);
      const data = account.place.folder("data", { "interactions.csv": interactionsCsv(), "schema.json": fields });

      expect(await account.run("sh", ["cli.sh"], { DATA: data })).toEqual([3, 0]);
    },
    300_000,
  );
});
