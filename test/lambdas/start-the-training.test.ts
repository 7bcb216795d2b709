import { describe, expect, it } from "@jest/globals";
import { makeHandler } from "../../lambdas/start-the-training/handler.ts";
import { aRun } from "../support/run-fixtures.ts";

const run = aRun();
const training = run.trainings[0]!;
const started = Date.parse(run.startedAt);

/** A solution with versions that begin and are named as given; `created` fills as versions are made. */
function world(versions: readonly { readonly name: string; readonly createdAt: number }[], fault?: Error) {
  const created: string[] = [];
  const handler = makeHandler({
    list: async () => versions.map(({ createdAt }, index) => ({ arn: `version/${index}`, createdAt })),
    nameOf: async (arn) => versions[Number(arn.split("/")[1])]?.name ?? null,
    create: async (_, name) => {
      created.push(name);
      if (fault !== undefined) throw fault;
      return "version/new";
    },
  });
  return { created, start: () => handler({ run, training }) };
}

describe("starting a training (R4, R5)", () => {
  it("creates a version named after the run", async () => {
    const { start, created } = world([]);

    expect(await start()).toEqual({ solutionVersionArn: "version/new" });
    expect(created).toEqual([training.versionName]);
  });

  it("finds the version that a lost answer left behind, and pays once", async () => {
    const { start, created } = world([
      { name: "foreign", createdAt: started + 2000 },
      { name: training.versionName, createdAt: started + 1000 },
    ]);

    expect(await start()).toEqual({ solutionVersionArn: "version/1" });
    expect(created).toEqual([]);
  });

  it("never takes another's version, however new", async () => {
    const { start, created } = world([{ name: "automatic", createdAt: started + 60_000 }]);

    await start();

    expect(created).toHaveLength(1);
  });

  it.each([
    { fault: new TypeError("socket hang up"), name: "AnswerLost", why: "nobody knows whether it began" },
    {
      fault: Object.assign(new Error("sorry"), { name: "InternalFailure", $metadata: { httpStatusCode: 500 } }),
      ...{ name: "AnswerLost", why: "the service failed inside, perhaps after it began" },
    },
    {
      fault: Object.assign(new Error("too many"), {
        name: "LimitExceededException",
        $metadata: { httpStatusCode: 400 },
      }),
      ...{ name: "LimitExceededException", why: "the service said no" },
    },
  ])("ends as $name after $fault.name: $why", async ({ fault, name }) => {
    await expect(world([], fault).start()).rejects.toMatchObject({
      name,
      message: expect.stringContaining(fault.message),
    });
  });
});
