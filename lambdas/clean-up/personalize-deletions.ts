/** Asks Personalize to delete things. "Not now" is a value; what has gone already counts as deleted. */
import {
  DeleteCampaignCommand,
  DeleteDatasetCommand,
  DeleteDatasetGroupCommand,
  DeleteEventTrackerCommand,
  DeleteFilterCommand,
  DeleteMetricAttributionCommand,
  DeleteRecommenderCommand,
  DeleteSchemaCommand,
  DeleteSolutionCommand,
  type PersonalizeClient,
  StopSolutionVersionCreationCommand,
} from "@aws-sdk/client-personalize";
import type { Found, Kind } from "../../pipeline/cleanup/found.ts";

export interface Deletions {
  /** Null when the service took it; else why it cannot be deleted now. */
  delete(found: Found): Promise<string | null>;
  /** Ends a training; nothing happens where it has ended by itself. */
  stop(solutionVersionArn: string): Promise<void>;
}

const isNamed = (error: unknown, name: string): error is Error => error instanceof Error && error.name === name;

export function makeDeletions(client: PersonalizeClient): Deletions {
  const operations: Readonly<Record<Kind, (arn: string) => Promise<unknown>>> = {
    recommender: (recommenderArn) => client.send(new DeleteRecommenderCommand({ recommenderArn })),
    campaign: (campaignArn) => client.send(new DeleteCampaignCommand({ campaignArn })),
    "event tracker": (eventTrackerArn) => client.send(new DeleteEventTrackerCommand({ eventTrackerArn })),
    filter: (filterArn) => client.send(new DeleteFilterCommand({ filterArn })),
    "metric attribution": (metricAttributionArn) =>
      client.send(new DeleteMetricAttributionCommand({ metricAttributionArn })),
    solution: (solutionArn) => client.send(new DeleteSolutionCommand({ solutionArn })),
    dataset: (datasetArn) => client.send(new DeleteDatasetCommand({ datasetArn })),
    schema: (schemaArn) => client.send(new DeleteSchemaCommand({ schemaArn })),
    "dataset group": (datasetGroupArn) => client.send(new DeleteDatasetGroupCommand({ datasetGroupArn })),
  };
  return {
    async delete({ kind, arn }) {
      try {
        await operations[kind](arn);
        return null;
      } catch (error) {
        if (isNamed(error, "ResourceNotFoundException")) return null;
        if (isNamed(error, "ResourceInUseException")) return error.message;
        throw error;
      }
    },
    async stop(solutionVersionArn) {
      try {
        await client.send(new StopSolutionVersionCreationCommand({ solutionVersionArn }));
      } catch (error) {
        if (isNamed(error, "ResourceNotFoundException") || isNamed(error, "ResourceInUseException")) return;
        throw error;
      }
    },
  };
}
