/** What IAM is asked before each operation: `personalize:<Operation>` on the ARNs that the call names or will make. */
import type { AccessRequest } from "../cloud/ports/service.ts";
import { arnOf, solutionOf, tailOf, type Place } from "./arns.ts";
import { servicePrincipal } from "./lifecycles/role-bucket.ts";
import type { Kind } from "./model.ts";

/** The members of a request that matter here, whatever the operation. */
type Input = Readonly<Record<string, unknown>>;

/** What a Create makes is known by its name before it exists. */
const createdKinds: Readonly<Record<string, Kind>> = {
  CreateDatasetGroup: "datasetGroup",
  CreateSchema: "schema",
  CreateSolution: "solution",
  CreateCampaign: "campaign",
  CreateFilter: "filter",
  CreateRecommender: "recommender",
  CreateMetricAttribution: "metricAttribution",
};

/** The same for jobs, whose name is `jobName`; those on a solution version ask for its solution as well. */
const createdJobs: Readonly<Record<string, Kind>> = {
  CreateDatasetImportJob: "datasetImportJob",
  CreateDatasetExportJob: "datasetExportJob",
  CreateBatchInferenceJob: "batchInferenceJob",
  CreateBatchSegmentJob: "batchSegmentJob",
  CreateDataDeletionJob: "dataDeletionJob",
};

/** Where the resource of an operation stands in its input, when it is not a Describe, Update or Delete of one ARN. */
const resourceMembers: Readonly<Record<string, string>> = {
  CreateSolutionVersion: "solutionArn",
  StopSolutionVersionCreation: "solutionVersionArn",
  GetSolutionMetrics: "solutionVersionArn",
  TagResource: "resourceArn",
  UntagResource: "resourceArn",
  ListTagsForResource: "resourceArn",
  GetRecommendations: "campaignArn",
  StartRecommender: "recommenderArn",
  StopRecommender: "recommenderArn",
  GetPersonalizedRanking: "campaignArn",
  PutItems: "datasetArn",
  PutUsers: "datasetArn",
  PutActions: "datasetArn",
  GetActionRecommendations: "campaignArn",
};

/** Whose a tracking id is. */
interface Trackers {
  readonly place: Place;
  /** The event tracker's ARN behind a tracking id. */
  readonly trackerOf: (trackingId: string) => string | undefined;
  /** The ARN of the Action_Interactions dataset behind a tracking id. */
  readonly datasetOf: (trackingId: string) => string | undefined;
}

export function accessOf(operation: string, input: Input, trackers: Trackers): AccessRequest[] {
  const action = `personalize:${operation}`;
  const resources = resourcesOf(operation, input, trackers);
  const tags = requestTags(input);
  const requests = resources.map((resource) => ({ action, resource, ...(tags ? { conditions: tags } : {}) }));
  return [...requests, ...passedRole(input)];
}

function resourcesOf(operation: string, input: Input, { place, trackerOf, datasetOf }: Trackers): string[] {
  const text = (member: string) => {
    const value = input[member];
    return typeof value === "string" ? value : "*";
  };
  if (operation.startsWith("List") && operation !== "ListTagsForResource") return ["*"];
  if (operation === "CreateDataset") {
    const group = tailOf(text("datasetGroupArn"));
    return [arnOf(place, "dataset", `${group}/${text("datasetType").toUpperCase()}`)];
  }
  const job = createdJobs[operation];
  if (job) {
    const own = arnOf(place, job, text("jobName"));
    return "solutionVersionArn" in input ? [own, solutionOf(text("solutionVersionArn"))] : [own];
  }
  if (operation === "CreateEventTracker") return [arnOf(place, "eventTracker", "*")];
  if (operation === "PutActionInteractions") return [datasetOf(text("trackingId")) ?? arnOf(place, "dataset", "*")];
  if (operation === "PutEvents") return [trackerOf(text("trackingId")) ?? arnOf(place, "eventTracker", "*")];
  const created = createdKinds[operation];
  if (created) {
    const own = arnOf(place, created, text("name"));
    return operation === "CreateCampaign" ? [own, solutionOf(text("solutionVersionArn"))] : [own];
  }
  if (operation === "GetRecommendations" && input.campaignArn === undefined) return [text("recommenderArn")];
  const member = resourceMembers[operation] ?? ownArnMember(operation);
  return [text(member)];
}

/** DescribeDatasetGroup, UpdateDatasetGroup and DeleteDatasetGroup all name `datasetGroupArn`. */
function ownArnMember(operation: string): string {
  const noun = operation.replace(/^(Describe|Update|Delete)/, "");
  return `${noun.charAt(0).toLowerCase()}${noun.slice(1)}Arn`;
}

/** A role in the request is passed to the service. */
function passedRole(input: Input): AccessRequest[] {
  const output = input.metricsOutputConfig as { readonly roleArn?: unknown } | undefined;
  const roleArn = input.roleArn ?? output?.roleArn;
  if (typeof roleArn !== "string") return [];
  return [{ action: "iam:PassRole", resource: roleArn, conditions: { "iam:PassedToService": servicePrincipal } }];
}

function requestTags({ tags }: Input): Record<string, string | string[]> | undefined {
  if (!Array.isArray(tags) || tags.length === 0) return undefined;
  const pairs = tags as { tagKey: string; tagValue: string }[];
  return {
    "aws:TagKeys": pairs.map(({ tagKey }) => tagKey),
    ...Object.fromEntries(pairs.map(({ tagKey, tagValue }) => [`aws:RequestTag/${tagKey}`, tagValue])),
  };
}
