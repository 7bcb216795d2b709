/** What the follow-up of a run may do: only for what the configuration names, so that most groups' may do nothing. */
import type { IRole } from "aws-cdk-lib/aws-iam";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { generatedNames, type GroupArns } from "./group-arns.ts";
import { mayPass, type Permission } from "./permission.ts";

const on = (resources: readonly string[], ...operations: readonly string[]): Permission => ({
  actions: operations.map((operation) => `personalize:${operation}`),
  resources,
  because: generatedNames,
});

function ofBatchJobs(arns: GroupArns): Permission[] {
  const { batchInferenceJobs, batchSegmentJobs, filters, solutions, campaigns } = arns;
  const inference =
    batchInferenceJobs.length === 0
      ? []
      : [
          on(batchInferenceJobs, "DescribeBatchInferenceJob"),
          on([...batchInferenceJobs, ...solutions, ...filters], "CreateBatchInferenceJob"),
          on(campaigns, "DescribeCampaign"),
        ];
  const segments =
    batchSegmentJobs.length === 0
      ? []
      : [
          on(batchSegmentJobs, "DescribeBatchSegmentJob"),
          on([...batchSegmentJobs, ...solutions, ...filters], "CreateBatchSegmentJob"),
        ];
  return [...inference, ...segments];
}

function ofRecommenders({ recommenders, recipes, datasetGroup }: GroupArns): Permission[] {
  if (recommenders.length === 0) return [];
  const kept = ["DescribeRecommender", "UpdateRecommender", "StartRecommender", "StopRecommender"];
  return [on(recommenders, ...kept), on([...recommenders, ...recipes, datasetGroup], "CreateRecommender")];
}

/** Personalize takes the role to read and write the bucket for batch jobs and attribution. */
const passing = (importRole: IRole): Permission => mayPass(importRole, "personalize");

export function followUpPermissions(
  arns: GroupArns,
  { followUp }: DatasetGroup,
  importRole: IRole,
): readonly Permission[] {
  const { filters, metricAttribution, datasetGroup } = arns;
  const attributes = ["DescribeMetricAttribution", "UpdateMetricAttribution"];
  const hasJobs = followUp.batchInference.length + followUp.batchSegments.length > 0;
  return [
    ...(filters.length === 0
      ? []
      : [on(filters, "DescribeFilter", "DeleteFilter"), on([...filters, datasetGroup], "CreateFilter")]),
    ...ofRecommenders(arns),
    ...(followUp.metricAttribution === undefined
      ? []
      : [
          on([metricAttribution], ...attributes),
          on([metricAttribution, datasetGroup], "CreateMetricAttribution"),
          {
            actions: ["personalize:ListMetricAttributionMetrics"],
            resources: ["*"],
            because: "Personalize's List calls know no narrower resource",
          },
        ]),
    ...ofBatchJobs(arns),
    ...(hasJobs || followUp.metricAttribution !== undefined ? [passing(importRole)] : []),
  ];
}
