/** Several solutions in one run: each with its own candidate, contest and campaign; they share the baseline and the imports. */
import { DescribeSolutionVersionCommand, ListSolutionVersionsCommand } from "@aws-sdk/client-personalize";
import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
afterEach(() => stack.close());

const interactions = "club/interactions/a.csv";
const decision = { profile: "demo" };

describe("solutions of a group", () => {
  it("are decided apart when there are two; one is only updated with new items until its whole training is old", async () => {
    const port = createFaultPort();
    const solutions = [
      { name: "main", recipe: "aws-hrnn", decision },
      { name: "fresh", recipe: "aws-user-personalization", trainingMode: "UPDATE", decision },
    ];
    let score = 0.2;
    changeMetrics(port, (name, metrics) => {
      const ndcg = name === "main" ? (score += 0.1) : name === "fresh" ? 0.3 : 0.1;
      return { ...metrics, normalized_discounted_cumulative_gain_at_25: ndcg };
    });
    stack = await startStack({ config: communitiesConfig({ group: { solutions } }), fault: port.fault });

    await stack.drop({ [interactions]: interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
    await stack.rest();
    await stack.drop({ [interactions]: interactionsCsv({ users: 100, seed: 2 }) });
    await stack.rest();

    const records = await stack.records("club");
    expect(records.map(({ failure }) => failure)).toEqual([null, null]);
    expect(records.map(({ contests }) => contests.map(({ solution, outcome }) => `${solution} ${outcome}`))).toEqual([
      ["main PROMOTE", "fresh PROMOTE"],
      ["main PROMOTE", "fresh KEEP"], // a tie with the live version
    ]);
    const trained = port
      .inputs("CreateSolutionVersion")
      .map(({ solutionArn, trainingMode }) => [/outrank-club-(\w+)-/.exec(String(solutionArn))?.[1], trainingMode]);
    expect(trained.sort()).toEqual([
      ["baseline", "FULL"],
      ["baseline", "FULL"],
      ["fresh", "FULL"],
      ["fresh", "UPDATE"],
      ["main", "FULL"],
      ["main", "FULL"],
    ]);
  });

  it("search their hyperparameters where they ask for it, and go live with what won", async () => {
    const hpoConfig = {
      hpoResourceConfig: { maxNumberOfTrainingJobs: "2", maxParallelTrainingJobs: "1" },
      algorithmHyperParameterRanges: {
        integerHyperParameterRanges: [{ name: "hidden_dimension", minValue: 32, maxValue: 40 }],
        continuousHyperParameterRanges: [],
        categoricalHyperParameterRanges: [],
      },
    };
    const main = { name: "main", recipe: "aws-hrnn", performHPO: true, config: { hpoConfig }, decision };
    const port = createFaultPort();
    stack = await startStack({ config: communitiesConfig({ group: { solutions: [main] } }), fault: port.fault });

    await stack.drop({ [interactions]: interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
    await stack.rest();

    const asked = expect.objectContaining({ performHPO: true, solutionConfig: { hpoConfig } }) as unknown;
    expect(port.inputs("CreateSolution")).toContainEqual(asked);
    const [record] = await stack.records("club");
    expect(record?.failure).toBeNull();
    const { solutionVersions = [] } = await stack.personalize.send(new ListSolutionVersionsCommand({}));
    const described = await Promise.all(
      solutionVersions.map(({ solutionVersionArn }) =>
        stack.personalize.send(new DescribeSolutionVersionCommand({ solutionVersionArn })),
      ),
    );
    const tuned = described.flatMap(({ solutionVersion }) => solutionVersion?.tunedHPOParams ?? []);
    expect(tuned).toHaveLength(1);
    expect(Number(tuned[0]?.algorithmHyperParameters?.["hidden_dimension"])).toBeGreaterThanOrEqual(32);
    expect(Number(tuned[0]?.algorithmHyperParameters?.["hidden_dimension"])).toBeLessThanOrEqual(40);
  }, 180_000);

  it("make user segments with a recipe of their own, and fail with the service's reason where no questions lie", async () => {
    const batchSegments = [{ name: "fans", recipe: "aws-item-affinity" }];
    const port = createFaultPort();
    stack = await startStack({
      config: communitiesConfig({ group: { followUp: { batchSegments } } }),
      fault: port.fault,
    });

    await stack.drop({ [interactions]: interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
    await stack.rest();

    const asked = { recipeArn: "arn:aws:personalize:::recipe/aws-item-affinity", performAutoTraining: false };
    expect(port.inputs("CreateSolution")).toContainEqual(expect.objectContaining(asked));
    const [record] = await stack.records("club");
    const reason = expect.stringMatching(
      /^batch job outrank-club-fans-\w+ is CREATE FAILED: Invalid Data location\.$/,
    ) as unknown;
    expect(record?.failure).toEqual({ error: "FollowUpFailed", reason });
  });
});
