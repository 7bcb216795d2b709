import { describe, expect, it } from "@jest/globals";
import type { CallContext, Operation } from "../../../../local/cloud/ports/service.ts";
import { ResourceNotFoundException } from "../../../../local/personalize/errors.ts";
import { countingCalls } from "../../../../local/personalize/serving/call-metrics.ts";

const known = "arn:campaign/known";

async function countedAfter(run: Operation, input: object): Promise<string[]> {
  const counted: string[] = [];
  const counter = {
    count: (namespace: string, name: string, dimensions: object) =>
      void counted.push(`${namespace} ${name} ${JSON.stringify(dimensions)}`),
  };
  const { GetRecommendations } = countingCalls({ GetRecommendations: run }, counter, (arn) => arn === known);
  await Promise.resolve(GetRecommendations!(input, {} as CallContext)).catch(() => {});
  return counted;
}

describe("the runtime's metrics", () => {
  it.each<{ why: string; run: Operation; input: object; counted: string[] }>([
    {
      why: "a campaign that answers",
      run: async () => ({ itemList: [] }),
      input: { campaignArn: known },
      counted: [`AWS/Personalize GetRecommendations {"CampaignArn":"${known}"}`],
    },
    {
      why: "a recommender that answers",
      run: async () => ({ itemList: [] }),
      input: { recommenderArn: known },
      counted: [`AWS/Personalize GetRecommendations {"RecommenderArn":"${known}"}`],
    },
    {
      why: "a refusal is an error of the caller",
      run: () => Promise.reject(new ResourceNotFoundException("filter")),
      input: { campaignArn: known },
      counted: [`AWS/Personalize GetRecommendations4xxErrors {"CampaignArn":"${known}"}`],
    },
    {
      why: "a fault is one of the service",
      run: () => Promise.reject(new TypeError("a bug")),
      input: { campaignArn: known },
      counted: [`AWS/Personalize GetRecommendations5xxErrors {"CampaignArn":"${known}"}`],
    },
    {
      why: "what is not there has nothing to be counted under",
      run: () => Promise.reject(new ResourceNotFoundException("campaign")),
      input: { campaignArn: "arn:campaign/unknown" },
      counted: [],
    },
  ])("count calls by what was asked: $why", async ({ run, input, counted }) => {
    expect(await countedAfter(run, input)).toEqual(counted);
  });

  it("leave the answer and the error as they are", async () => {
    const counter = { count: () => {} };
    const fault = new Error("mine");
    const { ok, bad } = countingCalls({ ok: async () => 1, bad: () => Promise.reject(fault) }, counter, () => true);

    expect(await ok!({}, {} as CallContext)).toBe(1);
    await expect(bad!({}, {} as CallContext)).rejects.toBe(fault);
  });
});
