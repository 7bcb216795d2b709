import { describe, expect, it } from "@jest/globals";
import { type Found, inOrder, type Kind, kinds, type Work } from "../../../pipeline/cleanup/found.ts";
import { nextStep } from "../../../pipeline/cleanup/next-step.ts";

const a = (kind: Kind, name: string, more: Partial<Found> = {}): Found => ({
  ...{ kind, name, arn: `arn:${name}`, status: "ACTIVE", failureReason: null, work: [], solutionArn: null, usedAt: 0 },
  ...more,
});

const names = (found: readonly Found[]) => found.map(({ name }) => name);

describe("the order of kinds", () => {
  it("takes the first kind of which anything is left, and nothing of the next", () => {
    const all = [...kinds].reverse().map((kind) => a(kind, kind));

    const order = kinds.map((_, gone) => nextStep(inOrder(all).slice(gone)).delete);

    expect(order.map(names)).toEqual(kinds.map((kind) => [kind]));
  });

  it("is done when nothing is left", () => {
    expect(nextStep([])).toEqual({ kind: null, delete: [], stop: [], waitFor: [], failed: [] });
  });

  it("waits for the last of a kind before it goes on to the next", () => {
    const step = nextStep([a("solution", "s"), a("campaign", "c", { status: "DELETE IN_PROGRESS" })]);

    expect(step).toMatchObject({ kind: "campaign", delete: [], waitFor: ["campaign c is DELETE IN_PROGRESS"] });
  });
});

describe("a thing", () => {
  it.each([
    { status: "ACTIVE", then: "delete", why: "at rest" },
    { status: "CREATE FAILED", then: "delete", why: "it will never be ACTIVE" },
    { status: "CREATE STOPPED", then: "delete", why: "as good as failed" },
    { status: "INACTIVE", then: "delete", why: "a stopped recommender" },
    { status: "CREATE PENDING", then: "wait", why: "the service refuses to delete it" },
    { status: "CREATE IN_PROGRESS", then: "wait", why: "the service refuses to delete it" },
    { status: "STOP IN_PROGRESS", then: "wait", why: "a recommender that comes to rest" },
    { status: "DELETE PENDING", then: "wait", why: "asked for already" },
    { status: "DELETE IN_PROGRESS", then: "wait", why: "asked for already" },
    { status: "HIBERNATING", then: "wait", why: "unknown: the deadline bounds it" },
    { status: "DELETE FAILED", then: "fail", why: "asking again would fail again" },
  ])("that is $status: $then ($why)", ({ status, then }) => {
    const step = nextStep([a("recommender", "r", { status })]);

    const seen = step.delete.length > 0 ? "delete" : step.failed.length > 0 ? "fail" : "wait";
    expect(seen).toBe(then);
    expect(step.waitFor).toEqual(then === "wait" ? [`recommender r is ${status}`] : []);
  });

  it("whose deletion failed is told with the service's reason, and its siblings go all the same", () => {
    const lost = a("filter", "f", { status: "DELETE FAILED", failureReason: "out of paper" });

    const step = nextStep([lost, a("filter", "g")]);

    expect(step.failed).toEqual(["filter f is DELETE FAILED: out of paper"]);
    expect(names(step.delete)).toEqual(["g"]);
  });
});

describe("work in progress", () => {
  const training = (status: string): Work => ({ what: "training s/1", status, stoppable: "arn:s/1" });
  const job: Work = { what: "batch job b", status: "PENDING", stoppable: null };

  it.each([
    { work: [training("CREATE PENDING")], stop: ["arn:s/1"], why: "its result could never be used" },
    { work: [training("CREATE IN_PROGRESS")], stop: ["arn:s/1"], why: "it is paid by the hour" },
    { work: [training("CREATE STOPPING")], stop: [], why: "stopped already" },
    { work: [job], stop: [], why: "jobs cannot be stopped" },
  ])("of a solution is waited for, and stopped where that is possible: $why", ({ work, stop }) => {
    const step = nextStep([a("solution", "s", { work })]);

    expect(step).toMatchObject({ delete: [], stop, waitFor: work.map(({ what, status }) => `${what} is ${status}`) });
  });

  it("is not stopped while something before it is left", () => {
    const step = nextStep([a("campaign", "c"), a("solution", "s", { work: [training("CREATE IN_PROGRESS")] })]);

    expect(step.stop).toEqual([]);
  });
});
