/**
 * What CloudWatch shows of the runtime: calls answered and calls refused, by campaign or recommender, under the names
 * that Personalize gives them. Latencies are not kept: here they would tell of this machine.
 */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { CallCounter } from "../../cloud/ports/metrics.ts";
import type { Operation } from "../../cloud/ports/service.ts";

const namespace = "AWS/Personalize";

interface Asked {
  readonly campaignArn?: string;
  readonly recommenderArn?: string;
}

/** @param exists is there a campaign or recommender of this ARN? Calls on others have nothing to be counted under. */
export function countingCalls(
  operations: Readonly<Record<string, Operation>>,
  counter: CallCounter,
  exists: (arn: string) => boolean,
): Record<string, Operation> {
  const counted = Object.entries(operations).map(([name, run]): [string, Operation] => [
    name,
    async (input: Asked, context) => {
      const count = (suffix = "") => {
        const { campaignArn, recommenderArn } = input;
        const dimensions: Record<string, string> =
          campaignArn === undefined ? { RecommenderArn: recommenderArn ?? "" } : { CampaignArn: campaignArn };
        if (exists(campaignArn ?? recommenderArn ?? "")) counter.count(namespace, `${name}${suffix}`, dimensions);
      };
      try {
        const answer = await run(input, context);
        count();
        return answer;
      } catch (error) {
        count(error instanceof AwsError && error.status < 500 ? "4xxErrors" : "5xxErrors");
        throw error;
      }
    },
  ]);
  return Object.fromEntries(counted);
}
