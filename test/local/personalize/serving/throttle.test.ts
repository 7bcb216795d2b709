/** The service's rates, for those who switch them on. */
import { describe, expect, it } from "@jest/globals";
import { createThrottle } from "../../../../local/personalize/serving/throttle.ts";
import { campaignArn, groupArn, personalizeForTest, withCampaign } from "../../../support/personalize.ts";

const rates = { events: 2, records: 1, recommendations: 3 };

function throttleAt(seconds: { now: number }, given: typeof rates | undefined = rates) {
  const throttle = createThrottle({ now: () => seconds.now * 1000 }, given);
  return (rate: keyof typeof rates, key: string) => {
    try {
      throttle.assertWithin(rate, key);
      return "taken";
    } catch (error) {
      return (error as Error).name;
    }
  };
}

describe("rates", () => {
  it("refuse what comes past them within a second of the clock, and begin anew with the next", () => {
    const clock = { now: 10.1 };
    const ask = throttleAt(clock);
    const first = [1, 2, 3].map(() => ask("events", "group"));
    clock.now = 10.9;
    const same = ask("events", "group");
    clock.now = 11;

    expect([first, same, ask("events", "group")]).toEqual([
      ["taken", "taken", "ThrottlingException"],
      "ThrottlingException",
      "taken",
    ]);
  });

  it("are for each key by itself", () => {
    const ask = throttleAt({ now: 0 });

    expect([ask("records", "items"), ask("records", "users"), ask("records", "items")]).toEqual([
      ...["taken", "taken", "ThrottlingException"],
    ]);
  });

  it("are off unless somebody wants them", () => {
    const free = createThrottle({ now: () => 0 }, undefined);

    for (let n = 0; n < 5000; n++) free.assertWithin("records", "items");
  });
});

describe("calls", () => {
  it("are throttled with the service's error where the settings say so, and counted as the caller's fault", async () => {
    const { personalize } = await withCampaign(personalizeForTest({ settings: { throttling: rates } }));
    const { trackingId } = await personalize.settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });
    const release = personalize.clock.hold();
    const eventList = [{ eventType: "click", sentAt: new Date(0), itemId: "a" }];
    const outcomes = async (count: number, operation: string, input: object) => {
      const answers = await Promise.allSettled(Array.from({ length: count }, () => personalize.call(operation, input)));
      return answers.map((answer) => (answer.status === "fulfilled" ? "taken" : (answer.reason as Error).name));
    };

    expect(await outcomes(3, "PutEvents", { trackingId, sessionId: "s", eventList })).toEqual([
      ...["taken", "taken", "ThrottlingException"],
    ]);
    expect(await outcomes(4, "GetRecommendations", { campaignArn, userId: "u" })).toEqual([
      ...["taken", "taken", "taken", "ThrottlingException"],
    ]);
    expect(personalize.jobs.events).toHaveLength(2);
    release();
  });
});
