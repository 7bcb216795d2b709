import { describe, expect, it } from "@jest/globals";
import type { AwsError } from "../../../../local/cloud/ports/aws-error.ts";
import type { ServingModel } from "../../../../local/personalize/job-runner.ts";
import { createModelCache } from "../../../../local/personalize/serving/model-cache.ts";
import { servingModel } from "../../../support/fake-job-runner.ts";

/** A data plane that counts which models are open. */
function countingJobs() {
  const open: string[] = [];
  let faults = 0;
  return {
    open,
    failNext: () => void faults++,
    async openModel(arn: string): Promise<ServingModel> {
      if (faults > 0) throw new Error(`fault ${faults--}`);
      open.push(arn);
      return servingModel({ recipe: arn, close: () => void open.splice(open.indexOf(arn), 1) });
    },
  };
}

/** Work that goes on until it is told to end. */
function longWork() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

/** Everything that promises had to do, done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const none = new Set<string>();
/** Time, as the cache sees it. */
const clock = { milliseconds: 0, now: () => clock.milliseconds };

describe("models in memory", () => {
  it("are loaded once and stay open for further requests", async () => {
    const jobs = countingJobs();
    const cache = createModelCache(jobs, clock);

    const answers = await Promise.all(
      [1, 2, 3].map(async (n) => cache.lend("v1", ({ model }) => `${model.recipe} ${n}`)),
    );
    await cache.load("v1");

    expect(answers).toEqual(["v1 1", "v1 2", "v1 3"]);
    expect(jobs.open).toEqual(["v1"]);
  });

  it("are closed when nobody serves them any more, and only then", async () => {
    const jobs = countingJobs();
    const cache = createModelCache(jobs, clock);
    await Promise.all(["v1", "v2"].map((arn) => cache.load(arn)));

    cache.keepOnly(new Set(["v2"]));
    await settled();

    expect(jobs.open).toEqual(["v2"]);
  });

  it("stay open for the work in flight when they are dropped, until the last of it ends", async () => {
    const jobs = countingJobs();
    const cache = createModelCache(jobs, clock);
    const [first, second] = [longWork(), longWork()];
    const both = [first, second].map(async ({ work }) => cache.lend("v1", work));
    const seen: string[][] = [];
    for (const step of [() => cache.keepOnly(none), first.end, second.end]) {
      step();
      await settled();
      seen.push([...jobs.open]);
    }
    await Promise.all(both);

    expect(seen).toEqual([["v1"], ["v1"], []]);
  });

  it("are closed too when they were dropped while they were being loaded", async () => {
    const jobs = countingJobs();
    const cache = createModelCache(jobs, clock);
    const loading = cache.load("v1");

    cache.keepOnly(none);
    await loading;
    await settled();

    expect(jobs.open).toEqual([]);
  });

  it("are let go of by work that fails", async () => {
    const jobs = countingJobs();
    const cache = createModelCache(jobs, clock);
    await expect(cache.lend("v1", () => Promise.reject(new Error("no answer")))).rejects.toThrow("no answer");

    cache.keepOnly(none);
    await settled();

    expect(jobs.open).toEqual([]);
  });

  it("are opened anew after a drop, and after a load that failed", async () => {
    const jobs = countingJobs();
    const cache = createModelCache(jobs, clock);
    jobs.failNext();
    await expect(cache.load("v1")).rejects.toThrow("fault 1");
    await cache.load("v1");
    const old = longWork();
    const working = cache.lend("v1", old.work);
    await settled();
    cache.keepOnly(none);
    await cache.load("v1");
    const during = [...jobs.open];
    old.end();
    await working;
    await settled();

    expect({ during, after: jobs.open }).toEqual({ during: ["v1", "v1"], after: ["v1"] });
  });

  describe("that cannot be opened", () => {
    const asked = async (cache: ReturnType<typeof createModelCache>, arn = "v1") => {
      try {
        return await cache.lend(arn, ({ model }) => model.recipe);
      } catch (error) {
        return `${(error as AwsError).status} ${(error as AwsError).message}`;
      }
    };

    it("are not tried at every request, but after ten seconds, and everybody is told why", async () => {
      const jobs = countingJobs();
      const cache = createModelCache(jobs, clock);
      for (let fault = 0; fault < 2; fault++) jobs.failNext();
      const first = await Promise.all([asked(cache), asked(cache)]);
      clock.milliseconds += 9_999;
      const soon = await asked(cache);
      clock.milliseconds += 1;
      const second = await asked(cache);
      clock.milliseconds += 10_000;

      const told = /^500 The model of v1 cannot be opened: fault 2\. It is tried again in 10 s/;
      for (const answer of [...first, soon]) expect(answer).toMatch(told);
      expect(second).toContain("fault 1");
      expect(await asked(cache)).toBe("v1");
      expect(await asked(cache, "v2")).toBe("v2");
    });

    it("are tried at once when a campaign changes to them", async () => {
      const jobs = countingJobs();
      const cache = createModelCache(jobs, clock);
      jobs.failNext();
      await asked(cache);

      await cache.load("v1");

      expect(await asked(cache)).toBe("v1");
    });

    it("are forgotten with what served them", async () => {
      const jobs = countingJobs();
      const cache = createModelCache(jobs, clock);
      jobs.failNext();
      await asked(cache);

      cache.keepOnly(none);

      expect(await asked(cache)).toBe("v1");
    });
  });
});
