/** ARNs of everything that one dataset group's pipeline touches, as narrow as the names allow. */
import { Aws } from "aws-cdk-lib";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { datasetTypes } from "../../pipeline/config/avro-schema.ts";
import { groupPrefix, personalizeArn, type Place } from "../../pipeline/naming/names.ts";

const place: Place = { partition: Aws.PARTITION, region: Aws.REGION, account: Aws.ACCOUNT_ID };

export interface GroupArns {
  readonly stateMachineName: string;
  readonly stateMachine: string;
  readonly executions: string;
  readonly datasetGroup: string;
  readonly datasets: readonly string[];
  readonly schemas: readonly string[];
  readonly importJobs: readonly string[];
  /** Solutions and, below them, their versions. */
  readonly solutions: readonly string[];
  readonly campaigns: readonly string[];
  readonly recipes: readonly string[];
}

/**
 * The machine's name is fixed (project and group make it unique), so that its Lambdas can be allowed to know it without
 * a circle in the template. Hashes and run ids end the names of schemas, jobs and solutions: hence `-*`.
 */
export function groupArns(project: string, group: DatasetGroup): GroupArns {
  const prefix = groupPrefix(project, group.name);
  const states = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const types = datasetTypes.filter((type) => group.datasets[type] !== undefined);
  const recipes = group.solutions.flatMap((solution) => [solution.recipe, solution.decision.baseline.recipe]);
  return {
    stateMachineName: prefix,
    stateMachine: `${states}:stateMachine:${prefix}`,
    executions: `${states}:execution:${prefix}:*`,
    datasetGroup: personalizeArn(place, "dataset-group", prefix),
    datasets: types.map((type) => personalizeArn(place, "dataset", `${prefix}/${type.toUpperCase()}`)),
    schemas: types.map((type) => personalizeArn(place, "schema", `${prefix}-${type}-*`)),
    importJobs: types.map((type) => personalizeArn(place, "dataset-import-job", `${prefix}-${type}-*`)),
    solutions: [...group.solutions.map((solution) => solution.name), "baseline"].map((name) =>
      personalizeArn(place, "solution", `${prefix}-${name}-*`),
    ),
    campaigns: group.solutions.map((solution) =>
      personalizeArn(place, "campaign", `${prefix}-${solution.campaign.name ?? solution.name}`),
    ),
    recipes: [...new Set(recipes)].map((recipe) => `arn:${Aws.PARTITION}:personalize:::recipe/${recipe}`),
  };
}
