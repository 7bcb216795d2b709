/** ARNs of everything that one dataset group's pipeline touches, as narrow as the names allow. */
import { Aws } from "aws-cdk-lib";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { datasetTypes, serviceType } from "../../pipeline/config/avro-schema.ts";
import { cleanupMachine, groupPrefix, personalizeArn, type Place, shortType } from "../../pipeline/naming/names.ts";

const place: Place = { partition: Aws.PARTITION, region: Aws.REGION, account: Aws.ACCOUNT_ID };

/** Why some of the ARNs end in a star. */
export const generatedNames = "the service gives a solution version its id; the rest of the ARN is this group's own";

/** So many characters of a hash: unlike a star, they cannot be taken for the rest of a longer group's or solution's name. */
const hash = (length: number): string => "?".repeat(length);

export interface GroupArns {
  readonly stateMachineName: string;
  readonly stateMachine: string;
  readonly executions: string;
  /** Of the machine that takes the group down. */
  readonly cleanupMachineName: string;
  readonly cleanupExecutions: string;
  readonly datasetGroup: string;
  readonly datasets: readonly string[];
  readonly schemas: readonly string[];
  readonly importJobs: readonly string[];
  /** Solutions and, below them, their versions. */
  readonly solutions: readonly string[];
  readonly campaigns: readonly string[];
  readonly recipes: readonly string[];
  /** The service gives a tracker its id. */
  readonly eventTrackers: readonly string[];
  readonly filters: readonly string[];
  readonly recommenders: readonly string[];
  readonly metricAttribution: string;
  readonly batchInferenceJobs: readonly string[];
  readonly batchSegmentJobs: readonly string[];
}

/**
 * The machine's name is fixed (project and group make it unique), so that its Lambdas can be allowed to know it without
 * a circle in the template. Hashes of known lengths end the names of schemas, jobs and solutions (naming/names.ts).
 */
export function groupArns(project: string, group: DatasetGroup): GroupArns {
  const prefix = groupPrefix(project, group.name);
  const states = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const types = datasetTypes.filter((type) => group.datasets[type] !== undefined);
  const { filters, recommenders, batchInference, batchSegments } = group.followUp;
  const recipes = [
    ...group.solutions.flatMap((solution) => [solution.recipe, solution.decision.baseline.recipe]),
    ...[...recommenders, ...batchSegments].map(({ recipe }) => recipe),
  ];
  const named = (kind: string, names: readonly { readonly name: string }[], end = "") =>
    names.map(({ name }) => personalizeArn(place, kind, `${prefix}-${name}${end}`));
  return {
    stateMachineName: prefix,
    stateMachine: `${states}:stateMachine:${prefix}`,
    executions: `${states}:execution:${prefix}:*`,
    cleanupMachineName: cleanupMachine(prefix),
    cleanupExecutions: `${states}:execution:${cleanupMachine(prefix)}:*`,
    datasetGroup: personalizeArn(place, "dataset-group", prefix),
    datasets: types.map((type) => personalizeArn(place, "dataset", `${prefix}/${serviceType(type)}`)),
    schemas: types.map((type) => personalizeArn(place, "schema", `${prefix}-${shortType(type)}-${hash(8)}`)),
    importJobs: types.map((type) =>
      personalizeArn(place, "dataset-import-job", `${prefix}-${shortType(type)}-${hash(8)}-${hash(8)}`),
    ),
    solutions: [...group.solutions, ...batchSegments, { name: "baseline" }].flatMap(({ name }) => {
      const solution = personalizeArn(place, "solution", `${prefix}-${name}-${hash(6)}`);
      return [solution, `${solution}/*`];
    }),
    campaigns: group.solutions.map((solution) =>
      personalizeArn(place, "campaign", `${prefix}-${solution.campaign.name ?? solution.name}`),
    ),
    recipes: [...new Set(recipes)].map((recipe) => `arn:${Aws.PARTITION}:personalize:::recipe/${recipe}`),
    eventTrackers: group.eventTracker ? [personalizeArn(place, "event-tracker", "*")] : [],
    filters: named("filter", filters),
    recommenders: named("recommender", recommenders),
    metricAttribution: personalizeArn(place, "metric-attribution", prefix),
    batchInferenceJobs: named("batch-inference-job", batchInference, `-${hash(8)}`),
    batchSegmentJobs: named("batch-segment-job", batchSegments, `-${hash(8)}`),
  };
}

/** Everything that may lie in the group, whatever its configuration was; with leave, also what others made in it. */
export function deletableArns(project: string, group: DatasetGroup) {
  const prefix = groupPrefix(project, group.name);
  const named = group.cleanup.mayDeleteForeign ? ["*"] : [prefix, `${prefix}-*`];
  const all = (kind: string) => named.map((name) => personalizeArn(place, kind, name));
  return {
    recommenders: all("recommender"),
    campaigns: all("campaign"),
    eventTrackers: [personalizeArn(place, "event-tracker", "*")],
    filters: all("filter"),
    metricAttributions: all("metric-attribution"),
    solutions: all("solution"),
    datasets: [personalizeArn(place, "dataset", `${prefix}/*`)],
    schemas: datasetTypes.map((type) => personalizeArn(place, "schema", `${prefix}-${shortType(type)}-${hash(8)}`)),
    datasetGroup: personalizeArn(place, "dataset-group", prefix),
  };
}
