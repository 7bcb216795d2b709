/** Jobs on datasets and with solution versions: imports, exports, deletions, batch inference and segments. */
import { expect } from "@jest/globals";
import {
  type Contract,
  costly,
  crowded,
  type OperationContract,
  tooManyTags,
  untilRefused,
  withRecipe,
} from "../contract.ts";

import type { World } from "../world/world.ts";

const output = (world: World) => ({ s3DataDestination: { path: `s3://${world.bucket}/out/` } });

/** Runs while the dataset is still being made. */
const onUnfinished = (call: (world: World, datasetArn: string) => Promise<unknown>) => async (world: World) => {
  const { datasetGroupArn } = await world.settle("CreateDatasetGroup", { name: world.name() });
  const schemaArn = await world.have.schema("Interactions");
  return world.still(async () => {
    const about = { name: world.name(), schemaArn, datasetGroupArn, datasetType: "Interactions" };
    return call(world, (await world.call("CreateDataset", about)).datasetArn as string);
  });
};

const importIn = async (world: World, more: object = {}) => ({
  jobName: world.name(),
  datasetArn: await world.have.interactions(),
  dataSource: { dataLocation: `s3://${world.bucket}/interactions-none.csv` },
  roleArn: world.roleArn,
  ...more,
});

const exportIn = async (world: World, more: object = {}) => ({
  ...{ jobName: world.name(), roleArn: world.roleArn, jobOutput: output(world) },
  datasetArn: await world.have.interactions(),
  ...more,
});

const deletionIn = async (world: World, more: object = {}) => {
  await world.have.interactions();
  await world.upload("forget/users.csv", "USER_ID\nu59\n");
  return {
    ...{ jobName: world.name(), datasetGroupArn: await world.have.group(), roleArn: world.roleArn },
    dataSource: { dataLocation: `s3://${world.bucket}/forget/users.csv` },
    ...more,
  };
};

/** What every job has in common: names are taken for good, tags are few, roles and paths have a form. */
const common = (
  operation: string,
  input: (world: World, more?: object) => Promise<object>,
  absent: (world: World) => object,
): OperationContract["refuses"] => ({
  ResourceNotFoundException: {
    "what it is to work on is not there": async (world) => world.call(operation, await input(world, absent(world))),
  },
  ResourceAlreadyExistsException: {
    "a name that a job has had": costly(async (world) => {
      const jobName = world.name();
      await world.settle(operation, await input(world, { jobName }));
      return world.call(operation, await input(world, { jobName }));
    }),
  },
  LimitExceededException: {
    "one more than may be under way": crowded(async (world) => {
      const asked = await input(world);
      return world.still(() => untilRefused(() => world.call(operation, { ...asked, jobName: world.name() })));
    }),
  },
  TooManyTagsException: {
    "51 tags": async (world) => world.call(operation, await input(world, { tags: tooManyTags })),
  },
});

export const datasetJobs: Contract = {
  CreateDatasetImportJob: {
    succeeds: {
      "ends as ACTIVE, having replaced the rows by default": costly(async (world) => {
        const { datasetImportJobArn } = await world.settle("CreateDatasetImportJob", await importIn(world));
        const { datasetImportJob } = await world.call("DescribeDatasetImportJob", { datasetImportJobArn });
        expect(datasetImportJob).toMatchObject({ status: "ACTIVE", importMode: "FULL" });
      }),
      "says yes to a location that is not there, and fails with the reason": costly(async (world) => {
        const dataSource = { dataLocation: `s3://${world.bucket}/nothing-here.csv` };
        const answer = await world.settle("CreateDatasetImportJob", await importIn(world, { dataSource }));
        const { datasetImportJob } = await world.call("DescribeDatasetImportJob", answer);
        expect(datasetImportJob).toMatchObject({
          status: "CREATE FAILED",
          failureReason: expect.stringContaining("Invalid Data location."),
        });
      }),
    },
    refuses: {
      ...common("CreateDatasetImportJob", importIn, (world) => ({ datasetArn: world.arn("dataset/absent/ITEMS") })),
      InvalidInputException: {
        "a location that is not of S3": async (world) =>
          world.call("CreateDatasetImportJob", await importIn(world, { dataSource: { dataLocation: "/tmp/x.csv" } })),
        "a mode that does not exist": async (world) =>
          world.call("CreateDatasetImportJob", await importIn(world, { importMode: "PARTIAL" })),
      },
      ResourceInUseException: {
        "a dataset that is being made": onUnfinished(async (world, datasetArn) =>
          world.call("CreateDatasetImportJob", {
            ...{ jobName: world.name(), datasetArn, roleArn: world.roleArn },
            dataSource: { dataLocation: `s3://${world.bucket}/interactions-none.csv` },
          }),
        ),
      },
    },
  },
  CreateDatasetExportJob: {
    succeeds: {
      "ends as ACTIVE": costly(async (world) => {
        const answer = await world.settle("CreateDatasetExportJob", await exportIn(world, { ingestionMode: "ALL" }));
        const { datasetExportJob } = await world.call("DescribeDatasetExportJob", answer);
        expect(datasetExportJob).toMatchObject({ status: "ACTIVE", ingestionMode: "ALL" });
      }),
    },
    refuses: {
      ...common("CreateDatasetExportJob", exportIn, (world) => ({ datasetArn: world.arn("dataset/absent/ITEMS") })),
      InvalidInputException: {
        "a mode that does not exist": async (world) =>
          world.call("CreateDatasetExportJob", await exportIn(world, { ingestionMode: "SOME" })),
        "a path that is not of S3": async (world) =>
          world.call(
            "CreateDatasetExportJob",
            await exportIn(world, { jobOutput: { s3DataDestination: { path: "out" } } }),
          ),
      },
      ResourceInUseException: {
        "a dataset that is being made": onUnfinished(async (world, datasetArn) =>
          world.call("CreateDatasetExportJob", {
            ...{ jobName: world.name(), datasetArn, roleArn: world.roleArn, jobOutput: output(world) },
          }),
        ),
      },
    },
  },
  CreateDataDeletionJob: {
    succeeds: {
      "ends as COMPLETED": costly(async (world) => {
        const answer = await world.settle("CreateDataDeletionJob", await deletionIn(world));
        const { dataDeletionJob } = await world.call("DescribeDataDeletionJob", answer);
        expect(dataDeletionJob).toMatchObject({ status: "COMPLETED", numDeleted: expect.any(Number) });
      }),
    },
    refuses: {
      ...common("CreateDataDeletionJob", deletionIn, (world) => ({
        datasetGroupArn: world.arn("dataset-group/absent"),
      })),
      InvalidInputException: {
        "a location that is not of S3": async (world) =>
          world.call("CreateDataDeletionJob", await deletionIn(world, { dataSource: { dataLocation: "users.csv" } })),
      },
      ResourceInUseException: {
        "a group that is being made": async (world) => {
          const asked = await deletionIn(world);
          return world.still(async () => {
            const { datasetGroupArn } = await world.call("CreateDatasetGroup", { name: world.name() });
            return world.call("CreateDataDeletionJob", { ...asked, datasetGroupArn });
          });
        },
      },
    },
  },
};

const batchWith =
  (version: (world: World) => Promise<string>, lines: string) =>
  async (world: World, more: object = {}) => {
    await world.upload("batch/in.json", lines);
    return {
      ...{ jobName: world.name(), roleArn: world.roleArn, jobOutput: output(world) },
      jobInput: { s3DataSource: { path: `s3://${world.bucket}/batch/in.json` } },
      solutionVersionArn: await version(world),
      ...more,
    };
  };

const inferenceIn = batchWith((world) => world.have.version(), '{"userId":"u1"}\n');
const segmentation = "aws-item-affinity";
const segmentIn = batchWith((world) => world.have.versionOf(segmentation), '{"itemId":"i1"}\n');
/** The checks that come before the version's recipe matters. */
const segmentOn = batchWith((world) => world.have.version(), '{"itemId":"i1"}\n');

/** Asked of a version that is being trained. */
const onUntrained =
  (operation: string, input: (world: World, more?: object) => Promise<object>) => async (world: World) => {
    const [asked, solutionArn] = [await input(world), await world.have.solution()];
    return world.still(async () => {
      const { solutionVersionArn } = await world.call("CreateSolutionVersion", { solutionArn });
      return world.call(operation, { ...asked, solutionVersionArn });
    });
  };

const absentVersion = (world: World) => ({ solutionVersionArn: world.arn("solution/absent/00000000") });

const needing = (refuses: OperationContract["refuses"], recipe: string): OperationContract["refuses"] =>
  Object.fromEntries(
    Object.entries(refuses).map(([error, cases]) => [
      error,
      Object.fromEntries(
        Object.entries(cases).map(([why, given]) => [
          why,
          { ...(typeof given === "function" ? { run: given } : given), recipe },
        ]),
      ),
    ]),
  );

export const batchJobs: Contract = {
  CreateBatchInferenceJob: {
    succeeds: {
      "ends as ACTIVE": costly(async (world) => {
        const answer = await world.settle("CreateBatchInferenceJob", await inferenceIn(world, { numResults: 5 }));
        const { batchInferenceJob } = await world.call("DescribeBatchInferenceJob", answer);
        expect(batchInferenceJob).toMatchObject({
          ...{ status: "ACTIVE", numResults: 5, batchInferenceJobMode: "BATCH_INFERENCE" },
        });
      }),
    },
    refuses: {
      ...common("CreateBatchInferenceJob", inferenceIn, absentVersion),
      InvalidInputException: {
        "more results than a list may have": costly(async (world) =>
          world.call("CreateBatchInferenceJob", await inferenceIn(world, { numResults: 501 })),
        ),
        "a path that is not of S3": costly(async (world) =>
          world.call(
            "CreateBatchInferenceJob",
            await inferenceIn(world, { jobInput: { s3DataSource: { path: "in.json" } } }),
          ),
        ),
      },
      ResourceInUseException: {
        "a version that is being trained": costly(onUntrained("CreateBatchInferenceJob", inferenceIn)),
      },
    },
  },
  CreateBatchSegmentJob: {
    succeeds: {
      "ends as ACTIVE": withRecipe(segmentation, async (world) => {
        const answer = await world.settle("CreateBatchSegmentJob", await segmentIn(world, { numResults: 5 }));
        const { batchSegmentJob } = await world.call("DescribeBatchSegmentJob", answer);
        expect(batchSegmentJob).toMatchObject({ status: "ACTIVE", numResults: 5 });
      }),
    },
    refuses: {
      ...needing(common("CreateBatchSegmentJob", segmentIn, absentVersion), segmentation),
      InvalidInputException: {
        "a version whose recipe makes no segments": costly(async (world) =>
          world.call("CreateBatchSegmentJob", await segmentOn(world)),
        ),
      },
      ResourceInUseException: {
        "a version that is being trained": costly(onUntrained("CreateBatchSegmentJob", segmentOn)),
      },
    },
  },
};
