/** The operations of the three Personalize APIs by AWS's names: the list of what is answered here. */
import type { Operation } from "../../cloud/ports/service.ts";
import type { ControlPlane } from "../control-plane.ts";
import { createBatchInferenceJob } from "./create-batch-inference-job.ts";
import { createBatchSegmentJob } from "./create-batch-segment-job.ts";
import { createCampaign } from "./create-campaign.ts";
import { createDataDeletionJob } from "./create-data-deletion-job.ts";
import { createDatasetExportJob } from "./create-dataset-export-job.ts";
import { createDatasetGroup } from "./create-dataset-group.ts";
import { createDatasetImportJob } from "./create-dataset-import-job.ts";
import { createDataset } from "./create-dataset.ts";
import { createEventTracker } from "./create-event-tracker.ts";
import { createFilter } from "./create-filter.ts";
import { createMetricAttribution } from "./create-metric-attribution.ts";
import { createRecommender } from "./create-recommender.ts";
import { createSchema } from "./create-schema.ts";
import { createSolutionVersion } from "./create-solution-version.ts";
import { createSolution } from "./create-solution.ts";
import { deleteCampaign } from "./delete-campaign.ts";
import { deleteDatasetGroup } from "./delete-dataset-group.ts";
import { deleteDataset } from "./delete-dataset.ts";
import { deleteEventTracker } from "./delete-event-tracker.ts";
import { deleteFilter } from "./delete-filter.ts";
import { deleteMetricAttribution } from "./delete-metric-attribution.ts";
import { deleteRecommender } from "./delete-recommender.ts";
import { deleteSchema } from "./delete-schema.ts";
import { deleteSolution } from "./delete-solution.ts";
import { describeAlgorithm } from "./describe-algorithm.ts";
import { describeBatchInferenceJob } from "./describe-batch-inference-job.ts";
import { describeBatchSegmentJob } from "./describe-batch-segment-job.ts";
import { describeCampaign } from "./describe-campaign.ts";
import { describeDataDeletionJob } from "./describe-data-deletion-job.ts";
import { describeDatasetExportJob } from "./describe-dataset-export-job.ts";
import { describeDatasetGroup } from "./describe-dataset-group.ts";
import { describeDatasetImportJob } from "./describe-dataset-import-job.ts";
import { describeDataset } from "./describe-dataset.ts";
import { describeEventTracker } from "./describe-event-tracker.ts";
import { describeFeatureTransformation } from "./describe-feature-transformation.ts";
import { describeFilter } from "./describe-filter.ts";
import { describeMetricAttribution } from "./describe-metric-attribution.ts";
import { describeRecipe } from "./describe-recipe.ts";
import { describeRecommender } from "./describe-recommender.ts";
import { describeSchema } from "./describe-schema.ts";
import { describeSolutionVersion } from "./describe-solution-version.ts";
import { describeSolution } from "./describe-solution.ts";
import { getActionRecommendations } from "./get-action-recommendations.ts";
import { getPersonalizedRanking } from "./get-personalized-ranking.ts";
import { getRecommendations } from "./get-recommendations.ts";
import { getSolutionMetrics } from "./get-solution-metrics.ts";
import { listBatchInferenceJobs } from "./list-batch-inference-jobs.ts";
import { listBatchSegmentJobs } from "./list-batch-segment-jobs.ts";
import { listCampaigns } from "./list-campaigns.ts";
import { listDataDeletionJobs } from "./list-data-deletion-jobs.ts";
import { listDatasetExportJobs } from "./list-dataset-export-jobs.ts";
import { listDatasetGroups } from "./list-dataset-groups.ts";
import { listDatasetImportJobs } from "./list-dataset-import-jobs.ts";
import { listDatasets } from "./list-datasets.ts";
import { listEventTrackers } from "./list-event-trackers.ts";
import { listFilters } from "./list-filters.ts";
import { listMetricAttributionMetrics } from "./list-metric-attribution-metrics.ts";
import { listMetricAttributions } from "./list-metric-attributions.ts";
import { listRecipes } from "./list-recipes.ts";
import { listRecommenders } from "./list-recommenders.ts";
import { listSchemas } from "./list-schemas.ts";
import { listSolutionVersions } from "./list-solution-versions.ts";
import { listSolutions } from "./list-solutions.ts";
import { listTagsForResource } from "./list-tags-for-resource.ts";
import { putActionInteractions } from "./put-action-interactions.ts";
import { putActions } from "./put-actions.ts";
import { putEvents } from "./put-events.ts";
import { putItems } from "./put-items.ts";
import { putUsers } from "./put-users.ts";
import { startRecommender } from "./start-recommender.ts";
import { stopRecommender } from "./stop-recommender.ts";
import { stopSolutionVersionCreation } from "./stop-solution-version-creation.ts";
import { tagResource } from "./tag-resource.ts";
import { untagResource } from "./untag-resource.ts";
import { updateCampaign } from "./update-campaign.ts";
import { updateDataset } from "./update-dataset.ts";
import { updateMetricAttribution } from "./update-metric-attribution.ts";
import { updateRecommender } from "./update-recommender.ts";
import { updateSolution } from "./update-solution.ts";

type Makers = Readonly<Record<string, (plane: ControlPlane) => Operation>>;

export const controlOperations = {
  CreateBatchInferenceJob: createBatchInferenceJob,
  CreateBatchSegmentJob: createBatchSegmentJob,
  CreateCampaign: createCampaign,
  CreateDataDeletionJob: createDataDeletionJob,
  CreateDataset: createDataset,
  CreateDatasetExportJob: createDatasetExportJob,
  CreateDatasetGroup: createDatasetGroup,
  CreateDatasetImportJob: createDatasetImportJob,
  CreateEventTracker: createEventTracker,
  CreateFilter: createFilter,
  CreateMetricAttribution: createMetricAttribution,
  CreateRecommender: createRecommender,
  CreateSchema: createSchema,
  CreateSolution: createSolution,
  CreateSolutionVersion: createSolutionVersion,
  DeleteCampaign: deleteCampaign,
  DeleteDataset: deleteDataset,
  DeleteDatasetGroup: deleteDatasetGroup,
  DeleteEventTracker: deleteEventTracker,
  DeleteFilter: deleteFilter,
  DeleteMetricAttribution: deleteMetricAttribution,
  DeleteRecommender: deleteRecommender,
  DeleteSchema: deleteSchema,
  DeleteSolution: deleteSolution,
  DescribeAlgorithm: describeAlgorithm,
  DescribeBatchInferenceJob: describeBatchInferenceJob,
  DescribeBatchSegmentJob: describeBatchSegmentJob,
  DescribeCampaign: describeCampaign,
  DescribeDataDeletionJob: describeDataDeletionJob,
  DescribeDataset: describeDataset,
  DescribeDatasetExportJob: describeDatasetExportJob,
  DescribeDatasetGroup: describeDatasetGroup,
  DescribeDatasetImportJob: describeDatasetImportJob,
  DescribeEventTracker: describeEventTracker,
  DescribeFeatureTransformation: describeFeatureTransformation,
  DescribeFilter: describeFilter,
  DescribeMetricAttribution: describeMetricAttribution,
  DescribeRecipe: describeRecipe,
  DescribeRecommender: describeRecommender,
  DescribeSchema: describeSchema,
  DescribeSolution: describeSolution,
  DescribeSolutionVersion: describeSolutionVersion,
  GetSolutionMetrics: getSolutionMetrics,
  ListBatchInferenceJobs: listBatchInferenceJobs,
  ListBatchSegmentJobs: listBatchSegmentJobs,
  ListCampaigns: listCampaigns,
  ListDataDeletionJobs: listDataDeletionJobs,
  ListDatasetExportJobs: listDatasetExportJobs,
  ListDatasetGroups: listDatasetGroups,
  ListDatasetImportJobs: listDatasetImportJobs,
  ListDatasets: listDatasets,
  ListEventTrackers: listEventTrackers,
  ListFilters: listFilters,
  ListMetricAttributionMetrics: listMetricAttributionMetrics,
  ListMetricAttributions: listMetricAttributions,
  ListRecipes: listRecipes,
  ListRecommenders: listRecommenders,
  ListSchemas: listSchemas,
  ListSolutionVersions: listSolutionVersions,
  ListSolutions: listSolutions,
  ListTagsForResource: listTagsForResource,
  StartRecommender: startRecommender,
  StopRecommender: stopRecommender,
  StopSolutionVersionCreation: stopSolutionVersionCreation,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateCampaign: updateCampaign,
  UpdateDataset: updateDataset,
  UpdateMetricAttribution: updateMetricAttribution,
  UpdateRecommender: updateRecommender,
  UpdateSolution: updateSolution,
} satisfies Makers;

export const runtimeOperations = {
  GetActionRecommendations: getActionRecommendations,
  GetPersonalizedRanking: getPersonalizedRanking,
  GetRecommendations: getRecommendations,
} satisfies Makers;

export const eventsOperations = {
  PutActionInteractions: putActionInteractions,
  PutActions: putActions,
  PutEvents: putEvents,
  PutItems: putItems,
  PutUsers: putUsers,
} satisfies Makers;

/** The operations of one API, given what they work on. */
export const operationsOf = (makers: Makers, plane: ControlPlane): Record<string, Operation> =>
  Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, make(plane)]));
