/**
 * What CloudWatch shows of the runtime and the events API: calls answered, calls refused and how long they took, under the names that
 * Personalize gives them. The time is this machine's.
 */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { CallCounter } from "../../cloud/ports/metrics.ts";
import type { Operation } from "../../cloud/ports/service.ts";

const namespace = "AWS/Personalize";

export type Dimensions = Readonly<Record<string, string>>;

export interface CallMetrics {
  readonly counter: CallCounter;
  /** Milliseconds. */
  readonly now: () => number;
  /** What a call is counted under; undefined when what it asks for is not there. */
  readonly dimensionsOf: (input: object) => Dimensions | undefined;
}

/** Of the events API the count is called `…Requests`, and one latency lost its s. */
const requests = (name: string) => (name.startsWith("Put") ? `${name}Requests` : name);
const latency = (name: string) => (name === "PutEvents" ? "PutEventLatency" : `${name}Latency`);

export function countingCalls(
  operations: Readonly<Record<string, Operation>>,
  { counter, now, dimensionsOf }: CallMetrics,
): Record<string, Operation> {
  const counting = (name: string, run: Operation): Operation => {
    const [answered, took] = [requests(name), latency(name)];
    return async (input: object, context) => {
      const begin = now();
      try {
        const answer = await run(input, context);
        const dimensions = dimensionsOf(input);
        if (dimensions) {
          counter.count(namespace, answered, dimensions);
          counter.measure?.(namespace, took, dimensions, now() - begin);
        }
        return answer;
      } catch (error) {
        const dimensions = dimensionsOf(input);
        const suffix = error instanceof AwsError && error.status < 500 ? "4xxErrors" : "5xxErrors";
        if (dimensions) counter.count(namespace, `${name}${suffix}`, dimensions);
        throw error;
      }
    };
  };
  return Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, counting(name, run)]));
}

interface Asked {
  readonly campaignArn?: string;
  readonly recommenderArn?: string;
}

/** By campaign or recommender. */
export const servedBy =
  (exists: (arn: string) => boolean) =>
  ({ campaignArn, recommenderArn }: Asked): Dimensions | undefined => {
    if (!exists(campaignArn ?? recommenderArn ?? "")) return undefined;
    return campaignArn === undefined ? { RecommenderArn: recommenderArn ?? "" } : { CampaignArn: campaignArn };
  };
