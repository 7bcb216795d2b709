import { describe, expect, it } from "@jest/globals";
import type { Found } from "../../../pipeline/cleanup/found.ts";
import { decidePruning, type PruneRequest } from "../../../pipeline/cleanup/prune.ts";

const day = 86_400_000;
const now = 1000 * day;

const solution = (name: string, more: Partial<Found> = {}): Found => ({
  ...{ kind: "solution", name, arn: `arn:solution/${name}`, status: "ACTIVE", failureReason: null },
  ...{ work: [], solutionArn: null, usedAt: now - 100 * day },
  ...more,
});

const campaignOn = (name: string): Found => ({
  ...solution("outrank-shop-main"),
  ...{ kind: "campaign", solutionArn: `arn:solution/${name}` },
});

const old = "outrank-shop-main-0a1b2c";
const live = "outrank-shop-main-111111";

const decide = (found: readonly Found[], more: Partial<PruneRequest> = {}) =>
  decidePruning({
    ...{ found, prefix: "outrank-shop", configured: [live], championVersions: [], now },
    retention: { oldSolutions: "delete", afterDays: 30 },
    ...more,
  });

describe("an old solution", () => {
  it("goes when nothing speaks for it", () => {
    expect(decide([solution(old), solution(live)])).toEqual({ old: [solution(old)], kept: [] });
  });

  it.each<{ why: string; found: Found[]; champions?: string[]; says: string }>([
    {
      why: "a campaign serves it",
      found: [solution(old), campaignOn(old)],
      says: "campaign outrank-shop-main serves it",
    },
    {
      ...{ why: "the champion is one of its versions", found: [solution(old)] },
      ...{ champions: [`arn:solution/${old}/1`], says: "a champion or the way back" },
    },
    {
      ...{ why: "it was trained lately", found: [solution(old, { usedAt: now - 29.5 * day })] },
      says: "it was last trained 29 days ago; retention.afterDays is 30",
    },
    {
      why: "it is being trained",
      found: [solution(old, { work: [{ what: "training x", status: "CREATE PENDING", stoppable: "x" }] })],
      says: "training x is CREATE PENDING",
    },
  ])("stays, and says so, because $why", ({ found, champions = [], says }) => {
    const { old: going, kept } = decide(found, { championVersions: champions });

    expect(going).toEqual([]);
    expect(kept).toEqual([{ kind: "solution", name: old, reason: expect.stringContaining(says) }]);
  });

  it("goes on the very day that its time is over", () => {
    expect(decide([solution(old, { usedAt: now - 30 * day })]).old).toHaveLength(1);
  });

  it("is waited for when it is going already, whatever the rules say by now", () => {
    const going = solution(old, { status: "DELETE PENDING", usedAt: now });

    expect(decide([going]).old).toEqual([going]);
  });

  it("is kept by another solution's champion only when its name is the same to the end", () => {
    expect(decide([solution(old)], { championVersions: [`arn:solution/${old}0/1`] }).old).toHaveLength(1);
  });
});

describe("other things", () => {
  it.each([
    { name: live, why: "the configuration makes it" },
    { name: "anns-experiment", why: "it is not ours" },
    { name: "outrank-shop-by-hand", why: "it does not end in a hash: somebody named it" },
    { name: "outrank-shopping-main-0a1b2c", why: "another project's name that begins alike" },
  ])("$name is neither deleted nor spoken of: $why", ({ name }) => {
    expect(decide([solution(name)])).toEqual({ old: [], kept: [] });
  });
});
