/**
 * The advanced notebooks' and the guide's call sequences: hyperparameter search, objectives, context, promotions, wider schemas, actions, metric
 * attributions, exports, deletions; run by programs that know nothing of where they run.
 */
import { describe, expect } from "@jest/globals";
import { sharedAccount, withBoto } from "../support/client-programs.ts";

const account = sharedAccount();
const boto = withBoto();

describe("a program with boto3", () => {
  boto.test(
    `searches hyperparameters, adds context, filters and promotes, and widens a schema${boto.note}`,
    async () => {
      expect(await account.run("python3", ["tuning.py"])).toEqual({
        ...{ tunable: ["min_cointeraction_count", "popularity_discount_factor"], tuned: true, same: true },
        ...{ objective: true, context: true, metadata: ["GENRES", "YEAR"], old: true, gold: [0, true], unseen: true },
        ...{ promoted: [5, 2, true], stranger: 25, studio: true },
      });
    },
    180_000,
  );

  boto.test(
    `makes the recommenders of a shop, whose buyers are not shown again what they bought${boto.note}`,
    async () => {
      expect(await account.run("python3", ["storefront.py"])).toEqual({
        ...{ recipes: 5, metrics: true, viewed: [6, false, true], together: [6, false, ["CATEGORY_L1", "PRICE"]] },
        ...{ best: 36, scores: false, bought: [true, false, 1], cheap: true, modes: ["FULL", "INCREMENTAL"] },
        ...{ updated: 2, similar: [5, false] },
      });
    },
    180_000,
  );

  boto.test(
    `recommends actions, keeps a metric attribution, exports data and forgets users${boto.note}`,
    async () => {
      expect(await account.run("python3", ["actions.py"])).toEqual({
        ...{ metrics: ["AUC", "precision", "recall"], scores: true, best: 3, stranger: 5 },
        ...{ "not taken": ["a1", "a2", "a4", "a5", "a6"], offers: ["a1", "a3"] },
        ...{ attributed: ["films watched", "years clicked"], attributions: true },
        ...{ put: [["9", "5"]], deletion: "COMPLETED", forgotten: [true, false, 118] },
      });
    },
    180_000,
  );
});
