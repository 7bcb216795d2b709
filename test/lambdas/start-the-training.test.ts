import { describe, expect, it } from "@jest/globals";
import { makeHandler, type VersionSummary } from "../../lambdas/start-the-training/handler.ts";
import { aRun } from "../support/run-fixtures.ts";

const run = aRun();
const training = run.trainings[0]!;
const started = Date.parse(run.startedAt);

/** A solution with versions that begin and are named as given; `created` fills as versions are made. */
type Version = Partial<VersionSummary> & { readonly name: string; readonly createdAt: number };
const usual = { status: "ACTIVE", trainingMode: "FULL", trainingType: "MANUAL" };

function world(versions: readonly Version[], fault?: Error, wanted = training) {
  const created: string[] = [];
  const modes: string[] = [];
  const handler = makeHandler({
    list: async () => versions.map((version, index) => ({ ...usual, arn: `version/${index}`, ...version })),
    nameOf: async (arn) => versions[Number(arn.split("/")[1])]?.name ?? null,
    create: async (_, { name, trainingMode }) => {
      created.push(name);
      modes.push(trainingMode);
      if (fault !== undefined) throw fault;
      return "version/new";
    },
  });
  return { created, modes, start: () => handler({ run, training: wanted }) };
}

describe("starting a training (R4, R5)", () => {
  it("creates a version named after the run", async () => {
    const { start, created } = world([]);

    expect(await start()).toEqual({ solutionVersionArn: "version/new", warnings: [] });
    expect(created).toEqual([training.versionName]);
  });

  it("finds the version that a lost answer left behind, and pays once", async () => {
    const { start, created } = world([
      { name: "foreign", createdAt: started + 2000 },
      { name: training.versionName, createdAt: started + 1000 },
    ]);

    expect(await start()).toMatchObject({ solutionVersionArn: "version/1" });
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

  it("says when somebody else, or the service itself, trains the same solution", async () => {
    const { start } = world([
      { name: "of the last run", createdAt: started - 86_400_000 },
      { name: "auto", createdAt: started - 3_600_000, trainingType: "AUTOMATIC" },
      { name: "by hand", createdAt: started + 1000 },
    ]);

    expect((await start()).warnings).toEqual([
      `solution ${training.solutionName} has 1 versions that the service trained by itself, version/1 last`,
      "somebody else trained version/2 (by hand) during this run",
    ]);
  });

  const day = 86_400_000;
  it.each([
    { why: "there is no version yet", versions: [], mode: "FULL" },
    { why: "the only FULL one failed", versions: [{ age: 1, status: "CREATE FAILED" }], mode: "FULL" },
    { why: "a FULL one is 27 days old", versions: [{ age: 27 }], mode: "UPDATE" },
    { why: "the FULL one is 29 days old", versions: [{ age: 29 }, { age: 1, trainingMode: "UPDATE" }], mode: "FULL" },
  ])("trains $mode where UPDATE is wanted and $why", async ({ versions, mode }) => {
    const wanted = { ...training, trainingMode: "UPDATE" as const };
    const { start, modes } = world(
      versions.map(({ age, ...more }) => ({ name: "old", createdAt: started - age * day, ...more })),
      undefined,
      wanted,
    );

    await start();

    expect(modes).toEqual([mode]);
  });
});
