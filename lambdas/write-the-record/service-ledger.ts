/** The ledger, read from Personalize and CloudWatch. Asked little and with short patience: nothing waits for it. */
import { type CloudWatchClient, paginateGetMetricData } from "@aws-sdk/client-cloudwatch";
import {
  DescribeCampaignCommand,
  DescribeSolutionVersionCommand,
  type PersonalizeClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-personalize";
import type { Ledger } from "./spending.ts";

/** The service counts each kind of request by itself, and knows the sum only. */
const countedCalls = ["GetRecommendations", "GetPersonalizedRanking"] as const;

export function makeLedger(personalize: PersonalizeClient, cloudWatch: CloudWatchClient): Ledger {
  return {
    async trainingHours(solutionVersionArn) {
      const { solutionVersion } = await personalize.send(new DescribeSolutionVersionCommand({ solutionVersionArn }));
      return solutionVersion?.trainingHours ?? null;
    },
    async campaign(campaignArn) {
      try {
        const { campaign } = await personalize.send(new DescribeCampaignCommand({ campaignArn }));
        const { minProvisionedTPS = 1, creationDateTime } = campaign ?? {};
        return creationDateTime === undefined ? null : { minProvisionedTPS, createdAt: creationDateTime.toISOString() };
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return null;
        throw error;
      }
    },
    async requests(campaignArn, from, to) {
      const sums = new Map<number, number>();
      for await (const { MetricDataResults = [] } of paginateGetMetricData(
        { client: cloudWatch },
        { StartTime: new Date(from), EndTime: new Date(to), MetricDataQueries: queriesFor(campaignArn) },
      )) {
        for (const { Timestamps = [], Values = [] } of MetricDataResults) {
          Timestamps.forEach((at, index) => {
            sums.set(at.getTime(), (sums.get(at.getTime()) ?? 0) + (Values[index] ?? 0));
          });
        }
      }
      return [...sums.values()];
    },
  };
}

const queriesFor = (campaignArn: string) =>
  countedCalls.map((MetricName, index) => ({
    Id: `calls${index}`,
    MetricStat: {
      Metric: {
        ...{ Namespace: "AWS/Personalize", MetricName },
        Dimensions: [{ Name: "CampaignArn", Value: campaignArn }],
      },
      ...{ Period: 300, Stat: "Sum" },
    },
  }));
