/** Solutions, their versions and campaigns. */
import { expect } from "@jest/globals";
import { type Contract, costly, crowded, tooManyTags, untilRefused } from "../contract.ts";
import type { World } from "../world/world.ts";

const recipe = (name: string) => `arn:aws:personalize:::recipe/${name}`;

const solutionIn = async (world: World, more: object = {}) => {
  await world.have.interactions();
  return {
    ...{ name: world.name(), datasetGroupArn: await world.have.group(), performAutoTraining: false },
    recipeArn: recipe("aws-popularity-count"),
    ...more,
  };
};

const ownSolution = async (world: World, more: object = {}) =>
  (await world.settle("CreateSolution", await solutionIn(world, more))).solutionArn as string;

/** A group that is being made: whatever needs an ACTIVE one is refused. */
const inUnfinishedGroup = (operation: string, input: (world: World) => Promise<object>) => async (world: World) => {
  const asked = await input(world);
  return world.still(async () => {
    const { datasetGroupArn } = await world.call("CreateDatasetGroup", { name: world.name() });
    return world.call(operation, { ...asked, datasetGroupArn });
  });
};

export const solutions: Contract = {
  CreateSolution: {
    succeeds: {
      "trains by itself unless told not to": async (world) => {
        const { solutionArn } = await world.call("CreateSolution", {
          ...(await solutionIn(world)),
          performAutoTraining: undefined,
        });
        await world.rest();
        const { solution } = await world.call("DescribeSolution", { solutionArn });
        expect(solution).toMatchObject({ performAutoTraining: true, performHPO: false, status: "ACTIVE" });
      },
    },
    refuses: {
      InvalidInputException: {
        "neither a recipe nor AutoML": async (world) =>
          world.call("CreateSolution", await solutionIn(world, { recipeArn: undefined })),
        "a recipe of a domain": async (world) =>
          world.call("CreateSolution", await solutionIn(world, { recipeArn: recipe("aws-vod-top-picks") })),
        "a threshold that is no number": async (world) =>
          world.call("CreateSolution", await solutionIn(world, { solutionConfig: { eventValueThreshold: "high" } })),
        "a hyperparameter that the recipe does not have": async (world) => {
          const solutionConfig = { algorithmHyperParameters: { patience: "3" } };
          return world.call("CreateSolution", await solutionIn(world, { solutionConfig }));
        },
        "a schedule of 31 days": async (world) => {
          const solutionConfig = { autoTrainingConfig: { schedulingExpression: "rate(31 days)" } };
          return world.call("CreateSolution", await solutionIn(world, { performAutoTraining: true, solutionConfig }));
        },
      },
      ResourceNotFoundException: {
        "a group that is not there": async (world) =>
          world.call("CreateSolution", await solutionIn(world, { datasetGroupArn: world.arn("dataset-group/absent") })),
        "a recipe that is not there": async (world) =>
          world.call("CreateSolution", await solutionIn(world, { recipeArn: recipe("aws-absent") })),
      },
      ResourceAlreadyExistsException: {
        "a name that is taken": async (world) => {
          const { solution } = await world.call("DescribeSolution", { solutionArn: await ownSolution(world) });
          return world.call("CreateSolution", await solutionIn(world, { name: solution.name }));
        },
      },
      LimitExceededException: {
        "one more than a group may have": crowded((world) =>
          untilRefused(async () => world.call("CreateSolution", await solutionIn(world))),
        ),
      },
      ResourceInUseException: { "a group that is being made": inUnfinishedGroup("CreateSolution", solutionIn) },
      TooManyTagsException: {
        "51 tags": async (world) => world.call("CreateSolution", await solutionIn(world, { tags: tooManyTags })),
      },
    },
  },
  UpdateSolution: {
    succeeds: {
      "turns automatic training on; the solution stays ACTIVE meanwhile": async (world) => {
        const solutionArn = await ownSolution(world);
        const autoTrainingConfig = { schedulingExpression: "rate(3 days)" };
        const change = { solutionArn, performAutoTraining: true, solutionUpdateConfig: { autoTrainingConfig } };
        await world.settle("UpdateSolution", change);
        const { solution } = await world.call("DescribeSolution", { solutionArn });
        expect(solution).toMatchObject({
          ...{ status: "ACTIVE", performAutoTraining: true, solutionConfig: { autoTrainingConfig } },
          latestSolutionUpdate: { status: "ACTIVE", performAutoTraining: true },
        });
        await world.settle("UpdateSolution", { solutionArn, performAutoTraining: false });
      },
    },
    refuses: {
      InvalidInputException: {
        "a schedule of no days": async (world) => {
          const solutionUpdateConfig = { autoTrainingConfig: { schedulingExpression: "rate(0 days)" } };
          const solutionArn = await ownSolution(world);
          return world.call("UpdateSolution", { solutionArn, performAutoTraining: true, solutionUpdateConfig });
        },
      },
      ResourceNotFoundException: {
        "a solution that is not there": (world) =>
          world.call("UpdateSolution", { solutionArn: world.arn("solution/absent"), performAutoTraining: true }),
      },
      LimitExceededException: { noKnownCondition: "no quota of updates is documented" },
      ResourceInUseException: {
        "an update while another one runs": async (world) => {
          const solutionArn = await ownSolution(world);
          return world.still(async () => {
            await world.call("UpdateSolution", { solutionArn, performAutoTraining: true });
            return world.call("UpdateSolution", { solutionArn, performAutoTraining: false });
          });
        },
      },
    },
  },
  DeleteSolution: {
    succeeds: {
      "takes it away with its versions": costly(async (world) => {
        const solutionArn = await ownSolution(world);
        const { solutionVersionArn } = await world.settle("CreateSolutionVersion", { solutionArn });
        await world.settle("DeleteSolution", { solutionArn });
        for (const [operation, input] of [
          ["DescribeSolution", { solutionArn }],
          ["DescribeSolutionVersion", { solutionVersionArn }],
        ] as const) {
          await expect(world.call(operation, input)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
        }
      }),
    },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) =>
          world.call("DeleteSolution", { solutionArn: await world.have.group() }),
      },
      ResourceNotFoundException: {
        "a solution that is not there": (world) =>
          world.call("DeleteSolution", { solutionArn: world.arn("solution/absent") }),
      },
      ResourceInUseException: {
        "a solution that a campaign serves": costly(async (world) => {
          await world.have.campaign();
          return world.call("DeleteSolution", { solutionArn: await world.have.solution() });
        }),
        "a solution that is being trained": costly(async (world) => {
          const solutionArn = await ownSolution(world);
          return world.still(async () => {
            await world.call("CreateSolutionVersion", { solutionArn });
            return world.call("DeleteSolution", { solutionArn });
          });
        }),
      },
    },
  },
};

export const versions: Contract = {
  CreateSolutionVersion: {
    succeeds: {
      "answers the solution's ARN with eight hexadecimal digits, and trains": costly(async (world) => {
        const solutionArn = await world.have.solution();
        const solutionVersionArn = await world.have.version();
        expect(solutionVersionArn.startsWith(`${solutionArn}/`)).toBe(true);
        expect(solutionVersionArn).toMatch(/\/[0-9a-f]{8}$/);
        const { solutionVersion } = await world.call("DescribeSolutionVersion", { solutionVersionArn });
        expect(solutionVersion).toMatchObject({
          ...{ status: "ACTIVE", trainingMode: "FULL", trainingType: "MANUAL", performHPO: false },
          ...{ solutionConfig: {}, trainingHours: expect.any(Number) },
        });
        expect(solutionVersion.trainingHours).toBeGreaterThan(0);
      }),
    },
    refuses: {
      InvalidInputException: {
        "trainingMode UPDATE for a recipe that cannot": async (world) =>
          world.call("CreateSolutionVersion", { solutionArn: await world.have.solution(), trainingMode: "UPDATE" }),
      },
      ResourceNotFoundException: {
        "a solution that is not there": (world) =>
          world.call("CreateSolutionVersion", { solutionArn: world.arn("solution/absent") }),
      },
      ResourceAlreadyExistsException: {
        "a name that is taken": costly(async (world) => {
          const [solutionArn, name] = [await world.have.solution(), world.name()];
          await world.settle("CreateSolutionVersion", { solutionArn, name });
          return world.call("CreateSolutionVersion", { solutionArn, name });
        }),
      },
      LimitExceededException: {
        "one more than may be trained at once": crowded(async (world) => {
          const solutionArn = await world.have.solution();
          return world.still(() => untilRefused(() => world.call("CreateSolutionVersion", { solutionArn })));
        }),
      },
      ResourceInUseException: {
        "a solution that is being made": async (world) => {
          const asked = await solutionIn(world);
          return world.still(async () =>
            world.call("CreateSolutionVersion", await world.call("CreateSolution", asked)),
          );
        },
      },
      TooManyTagsException: {
        "51 tags": async (world) =>
          world.call("CreateSolutionVersion", { solutionArn: await world.have.solution(), tags: tooManyTags }),
      },
    },
  },
  StopSolutionVersionCreation: {
    succeeds: {
      "ends one that is pending as CREATE STOPPED": costly(async (world) => {
        const solutionArn = await world.have.solution();
        const answer = await world.still(async () => {
          const made = await world.call("CreateSolutionVersion", { solutionArn });
          await world.call("StopSolutionVersionCreation", made);
          return made;
        });
        await world.rest();
        const { solutionVersion } = await world.call("DescribeSolutionVersion", answer);
        expect(solutionVersion.status).toBe("CREATE STOPPED");
      }),
    },
    refuses: {
      InvalidInputException: {
        "what is no ARN": (world) => world.call("StopSolutionVersionCreation", { solutionVersionArn: "version" }),
      },
      ResourceNotFoundException: {
        "a version that is not there": (world) =>
          world.call("StopSolutionVersionCreation", { solutionVersionArn: world.arn("solution/absent/00000000") }),
      },
      ResourceInUseException: {
        "a version that has been trained": costly(async (world) =>
          world.call("StopSolutionVersionCreation", { solutionVersionArn: await world.have.version() }),
        ),
      },
    },
  },
  GetSolutionMetrics: {
    succeeds: {
      "answers numbers by name": costly(async (world) => {
        const solutionVersionArn = await world.have.version();
        const answer = await world.call("GetSolutionMetrics", { solutionVersionArn });
        expect(answer.solutionVersionArn).toBe(solutionVersionArn);
        expect(Object.keys(answer.metrics)).toEqual(
          expect.arrayContaining(["coverage", "mean_reciprocal_rank_at_25", "precision_at_5"]),
        );
      }),
    },
    refuses: {
      InvalidInputException: {
        "what is no ARN": (world) => world.call("GetSolutionMetrics", { solutionVersionArn: "version" }),
      },
      ResourceNotFoundException: {
        "a version that is not there": (world) =>
          world.call("GetSolutionMetrics", { solutionVersionArn: world.arn("solution/absent/00000000") }),
      },
      ResourceInUseException: {
        "a version that is being trained": costly(async (world) => {
          const solutionArn = await world.have.solution();
          return world.still(async () =>
            world.call("GetSolutionMetrics", await world.call("CreateSolutionVersion", { solutionArn })),
          );
        }),
      },
    },
  },
};

const campaignIn = async (world: World, more: object = {}) => ({
  name: world.name(),
  solutionVersionArn: await world.have.version(),
  ...more,
});

const ownCampaign = async (world: World) =>
  (await world.settle("CreateCampaign", await campaignIn(world))).campaignArn as string;

export const campaigns: Contract = {
  CreateCampaign: {
    succeeds: {
      "serves at one request a second at least": costly(async (world) => {
        const campaignArn = await ownCampaign(world);
        const { campaign } = await world.call("DescribeCampaign", { campaignArn });
        expect(campaign).toMatchObject({ status: "ACTIVE", minProvisionedTPS: 1 });
        expect(campaign).not.toHaveProperty("latestCampaignUpdate");
      }),
    },
    refuses: {
      InvalidInputException: {
        "no throughput at all": costly(async (world) =>
          world.call("CreateCampaign", await campaignIn(world, { minProvisionedTPS: 0 })),
        ),
        "following the latest version without saying so in the ARN": costly(async (world) => {
          const campaignConfig = { syncWithLatestSolutionVersion: true };
          return world.call("CreateCampaign", await campaignIn(world, { campaignConfig }));
        }),
      },
      ResourceNotFoundException: {
        "a version that is not there": async (world) =>
          world.call("CreateCampaign", {
            name: world.name(),
            solutionVersionArn: world.arn("solution/absent/00000000"),
          }),
        "a solution instead of a version": async (world) =>
          world.call("CreateCampaign", { name: world.name(), solutionVersionArn: await world.have.solution() }),
      },
      ResourceAlreadyExistsException: {
        "a name that is taken": costly(async (world) => {
          const { campaign } = await world.call("DescribeCampaign", { campaignArn: await world.have.campaign() });
          return world.call("CreateCampaign", await campaignIn(world, { name: campaign.name }));
        }),
      },
      LimitExceededException: {
        "one more than a group may have": crowded((world) =>
          untilRefused(async () => world.call("CreateCampaign", await campaignIn(world))),
        ),
      },
      ResourceInUseException: {
        "a version that is being trained": costly(async (world) => {
          const solutionArn = await world.have.solution();
          return world.still(async () => {
            const { solutionVersionArn } = await world.call("CreateSolutionVersion", { solutionArn });
            return world.call("CreateCampaign", { name: world.name(), solutionVersionArn });
          });
        }),
      },
      TooManyTagsException: {
        "51 tags": costly(async (world) =>
          world.call("CreateCampaign", await campaignIn(world, { tags: tooManyTags })),
        ),
      },
    },
  },
  UpdateCampaign: {
    succeeds: {
      "shows the update beside the campaign, which stays ACTIVE with what it had": costly(async (world) => {
        const campaignArn = await ownCampaign(world);
        await world.still(async () => {
          await world.call("UpdateCampaign", { campaignArn, minProvisionedTPS: 2 });
          const { campaign } = await world.call("DescribeCampaign", { campaignArn });
          expect(campaign).toMatchObject({
            ...{ status: "ACTIVE", minProvisionedTPS: 1 },
            latestCampaignUpdate: { minProvisionedTPS: 2, status: expect.stringMatching(/PENDING|IN_PROGRESS/) },
          });
        });
        await world.rest();
        const { campaign } = await world.call("DescribeCampaign", { campaignArn });
        expect(campaign).toMatchObject({ minProvisionedTPS: 2, latestCampaignUpdate: { status: "ACTIVE" } });
      }),
    },
    refuses: {
      InvalidInputException: {
        "no throughput at all": costly(async (world) =>
          world.call("UpdateCampaign", { campaignArn: await world.have.campaign(), minProvisionedTPS: 0 }),
        ),
      },
      ResourceNotFoundException: {
        "a campaign that is not there": (world) =>
          world.call("UpdateCampaign", { campaignArn: world.arn("campaign/absent"), minProvisionedTPS: 2 }),
        "a version that is not there": costly(async (world) =>
          world.call("UpdateCampaign", {
            campaignArn: await world.have.campaign(),
            solutionVersionArn: world.arn("solution/absent/00000000"),
          }),
        ),
      },
      ResourceInUseException: {
        "an update while another one runs": costly(async (world) => {
          const campaignArn = await ownCampaign(world);
          return world.still(async () => {
            await world.call("UpdateCampaign", { campaignArn, minProvisionedTPS: 2 });
            return world.call("UpdateCampaign", { campaignArn, minProvisionedTPS: 3 });
          });
        }),
      },
    },
  },
  DeleteCampaign: {
    succeeds: {
      "takes it away": costly(async (world) => {
        const campaignArn = await ownCampaign(world);
        await world.settle("DeleteCampaign", { campaignArn });
        const gone = world.call("DescribeCampaign", { campaignArn });
        await expect(gone).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      }),
    },
    refuses: {
      InvalidInputException: {
        "an ARN of another kind": async (world) =>
          world.call("DeleteCampaign", { campaignArn: await world.have.group() }),
      },
      ResourceNotFoundException: {
        "a campaign that is not there": (world) =>
          world.call("DeleteCampaign", { campaignArn: world.arn("campaign/absent") }),
      },
      ResourceInUseException: {
        "a campaign that is being made": costly(async (world) => {
          const asked = await campaignIn(world);
          return world.still(async () => world.call("DeleteCampaign", await world.call("CreateCampaign", asked)));
        }),
      },
    },
  },
};
