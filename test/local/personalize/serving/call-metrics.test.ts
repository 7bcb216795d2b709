import { describe, expect, it } from "@jest/globals";
import type { CallContext, Operation } from "../../../../local/cloud/ports/service.ts";
import { ResourceNotFoundException } from "../../../../local/personalize/errors.ts";
import { countingCalls, servedBy } from "../../../../local/personalize/serving/call-metrics.ts";

const known = "arn:campaign/known";

async function countedAfter(run: Operation, input: object): Promise<string[]> {
  const counted: string[] = [];
  const counter = {
    count: (namespace: string, name: string, dimensions: object) =>
      void counted.push(`${namespace} ${name} ${JSON.stringify(dimensions)}`),
  };
  const metrics = { counter, now: () => 0, dimensionsOf: servedBy((arn) => arn === known) };
  const { GetRecommendations } = countingCalls({ GetRecommendations: run }, metrics);
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
    const metrics = { counter, now: () => 0, dimensionsOf: () => ({}) };
    const { ok, bad } = countingCalls({ ok: async () => 1, bad: () => Promise.reject(fault) }, metrics);

    expect(await ok!({}, {} as CallContext)).toBe(1);
    await expect(bad!({}, {} as CallContext)).rejects.toBe(fault);
  });

  it("tell how long an answer took, and the events API's under names of their own", async () => {
    const measured: string[] = [];
    const counter = {
      count: (_: string, name: string, { DatasetArn }: Record<string, string>) =>
        void measured.push(`${name} ${DatasetArn}`),
      measure: (_: string, name: string, __: object, value: number) => void measured.push(`${name} ${value}`),
    };
    let now = 0;
    const run = async () => void (now += 7);
    const dimensionsOf = () => ({ DatasetArn: "arn:items" });
    const { PutEvents, PutItems } = countingCalls(
      { PutEvents: run, PutItems: run },
      { counter, now: () => now, dimensionsOf },
    );
    await PutEvents!({}, {} as CallContext);
    await PutItems!({}, {} as CallContext);

    expect(measured).toEqual([
      ...["PutEventsRequests arn:items", "PutEventLatency 7"],
      ...["PutItemsRequests arn:items", "PutItemsLatency 7"],
    ]);
  });
});
