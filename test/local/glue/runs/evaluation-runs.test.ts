/** An evaluation run's life where the SDK does not reach: cut short while it reads, its own bugs, the bus, old results. */
import type {
  GetDataQualityResultResponse,
  GetDataQualityRulesetEvaluationRunResponse,
  ListDataQualityResultsResponse,
} from "@aws-sdk/client-glue";
import { describe, expect, it } from "@jest/globals";
import { PassThrough, Readable } from "node:stream";
import type { ObjectStore } from "../../../../local/cloud/ports/service.ts";
import { createSystemClock } from "../../../../local/cloud/clock/system-clock.ts";
import { createGlue } from "../../../../local/glue/create-glue.ts";
import { openDoor, rootContext, testDeps, type TestDeps } from "../../../support/service-deps.ts";

/** Two files of a table `shop.items` with one column. */
function world(read: ObjectStore["read"], store?: TestDeps["store"]) {
  const deps = testDeps(store ? { store } : {});
  const events: unknown[] = [];
  const info = { sizeBytes: 4, etag: "", versionId: undefined, lastModified: 0 };
  const list = () =>
    Promise.resolve([
      { ...info, key: "items/a.csv" },
      { ...info, key: "items/b.csv" },
    ]);
  const { service } = createGlue({
    ...{ ...deps, authorizer: openDoor, objects: { list, read } as unknown as ObjectStore, scratchDirectory: "/none" },
    ...{ realClock: createSystemClock(), endpointUrl: () => "", appendLog: () => {} },
    issueCredentials: () => ({ accessKeyId: "", secretAccessKey: "", sessionToken: "" }),
    events: { emit: (event) => Promise.resolve(void events.push(event)) },
  });
  const run = async <T>(operation: string, input: object = {}): Promise<T> =>
    (await service.operations[operation]?.(input, rootContext)) as T;
  return {
    ...{ deps, events, run, resume: () => service.resume?.(), close: () => service.close?.() },
    async start() {
      const StorageDescriptor = { Location: "s3://lake/items/", Columns: [{ Name: "item_id" }] };
      await run("CreateDatabase", { DatabaseInput: { Name: "shop" } });
      await run("CreateTable", { DatabaseName: "shop", TableInput: { Name: "items", StorageDescriptor } });
      await run("CreateDataQualityRuleset", { Name: "items", Ruleset: "Rules = [ RowCount = 4, RowCount > 4 ]" });
      const DataSource = { GlueTable: { DatabaseName: "shop", TableName: "items" } };
      const request = { DataSource, Role: "glue", RulesetNames: ["items"] };
      return (await run<{ RunId: string }>("StartDataQualityRulesetEvaluationRun", request)).RunId;
    },
    look: (RunId: string) =>
      run<GetDataQualityRulesetEvaluationRunResponse>("GetDataQualityRulesetEvaluationRun", { RunId }),
  };
}

const twoRows = () => Promise.resolve(Readable.from([Buffer.from("a\nb\n")]));

describe("an evaluation run", () => {
  it("tells the bus what came of it", async () => {
    const { start, look, events, deps, run } = world(twoRows);
    const id = await start();
    await deps.clock.idle();

    const [ResultId = ""] = (await look(id)).ResultIds ?? [];
    expect(events).toMatchObject([
      {
        ...{ source: "aws.glue-dataquality", detailType: "Data Quality Evaluation Results Available" },
        detail: {
          context: { contextType: "GLUE_DATA_CATALOG", runId: id, databaseName: "shop", tableName: "items" },
          ...{ resultId: ResultId, rulesetNames: ["items"], state: "FAILED", score: 0.5 },
          ...{ numRulesSucceeded: 1, numRulesFailed: 1 },
        },
      },
    ]);
    expect(await run<GetDataQualityResultResponse>("GetDataQualityResult", { ResultId })).toMatchObject({
      AggregatedMetrics: { TotalRowsProcessed: 4, TotalRulesProcessed: 2, TotalRulesPassed: 1, TotalRulesFailed: 1 },
    });
  });

  it("that hangs in a file is cancelled all the same", async () => {
    let opened = () => {};
    const isReading = new Promise<void>((resolve) => (opened = resolve));
    const { start, look, run } = world(() => {
      opened();
      return Promise.resolve(new PassThrough());
    });
    const id = await start();
    await isReading;
    await run("CancelDataQualityRulesetEvaluationRun", { RunId: id });

    expect(await look(id)).toMatchObject({ Status: "STOPPED" });
  });

  it("that is cut off by the end of the cloud leaves its record as it was", async () => {
    let opened = () => {};
    const isReading = new Promise<void>((resolve) => (opened = resolve));
    const first = world(() => {
      opened();
      return Promise.resolve(new PassThrough());
    });
    const id = await first.start();
    await isReading;
    await first.close();
    expect(await first.look(id)).toMatchObject({ Status: "RUNNING" });

    const second = world(twoRows, first.deps.store);
    await second.resume();
    await second.deps.clock.idle();
    expect(await second.look(id)).toMatchObject({ Status: "SUCCEEDED" });
  });

  it("that meets a bug of ours says where to look for it", async () => {
    const { start, look, deps } = world(() => Promise.reject(new TypeError("oops")));
    const id = await start();
    await deps.clock.idle();

    const error = `The run failed inside the embedded cloud; its log has the details under ${id}`;
    expect(await look(id)).toMatchObject({ Status: "FAILED", ErrorString: error });
    expect(deps.lines.join("\n")).toMatch(new RegExp(`evaluation run ${id}: TypeError: oops`));
  });

  it("is forgotten with its results after ninety days", async () => {
    const first = world(twoRows);
    const id = await first.start();
    await first.deps.clock.idle();
    const runs = first.deps.store.table<object>("glue/evaluation-runs");
    const days = 91 * 24 * 3_600_000;
    runs.put(id, { ...runs.get(id), completedAt: first.deps.clock.now() - days });
    const second = world(twoRows, first.deps.store);
    await second.resume();

    await expect(second.look(id)).rejects.toMatchObject({ name: "EntityNotFoundException" });
    expect((await second.run<ListDataQualityResultsResponse>("ListDataQualityResults")).Results).toEqual([]);
  });
});
