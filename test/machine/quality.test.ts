/** Glue looks at the data before anything is paid for: one broken rule stops the run and says which, where and by how much. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

const start = async (group: object) => {
  port = createFaultPort();
  stack = await startStack({ config: communitiesConfig({ group }), fault: port.fault });
};
const run = async () => {
  await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
  await stack.rest();
  return (await stack.records("club")).at(-1);
};

/** The answer with other members. */
const answering = (changes: object) => async (_: object, next: () => Promise<unknown>) => ({
  ...((await next()) as object),
  ...changes,
});

describe("data quality", () => {
  it("is measured for each dataset, and recorded with its score", async () => {
    await start({});

    const record = await run();

    expect(record?.failure).toBeNull();
    expect(record?.quality.map(({ type, ruleset, score, broken }) => [type, ruleset, score, broken])).toEqual([
      ["interactions", "outrank-club-interactions", 1, []],
      ["items", "outrank-club-items", 1, []],
    ]);
  });

  it("that breaks a configured rule stops the run, and names dataset, rule and what was observed", async () => {
    await start({ dataQuality: { rules: { items: ['DistinctValuesCount "CATEGORY" > 10'] } } });

    const record = await run();

    expect(record?.failure?.error).toBe("DataQualityFailed");
    expect(record?.failure?.reason).toMatch(
      /^items: DistinctValuesCount "CATEGORY" > 10 is broken: .*DistinctValuesCount":6/,
    );
    expect(record?.quality.find(({ type }) => type === "items")?.broken).toHaveLength(1);
    expect(port.inputs("CreateDatasetGroup", "CreateDatasetImportJob")).toEqual([]);
  });

  it("is not measured where it is switched off", async () => {
    await start({ dataQuality: { enabled: false } });

    expect((await run())?.outcome).toBe("PROMOTE");
    expect(port.inputs("StartDataQualityRulesetEvaluationRun")).toEqual([]);
  });

  it("that cannot be measured is not good quality", async () => {
    await start({});
    port.on(
      "GetDataQualityRulesetEvaluationRun",
      answering({ Status: "FAILED", ResultIds: [], ErrorString: "no workers" }),
    );

    expect((await run())?.failure).toEqual({
      error: "QualityUnknown",
      reason: expect.stringMatching(
        /^Glue Data Quality could not evaluate outrank-club-\w+ on the \w+: FAILED, no workers$/,
      ),
    });
  });

  it("is waited for no longer than deadlines.qualityMinutes (R8)", async () => {
    await start({ deadlines: { qualityMinutes: 10 } });
    const looks: number[] = [];
    port.on("GetDataQualityRulesetEvaluationRun", (input, next) => {
      looks.push(stack.clock.now());
      return answering({ Status: "RUNNING", ResultIds: [] })(input, next);
    });

    expect((await run())?.failure?.error).toBe("QualityTookTooLong");
    expect(((looks.at(-1) ?? 0) - (looks[0] ?? 0)) / 1000).toBe(600 - 60);
  });
});
