import { describe, expect, it } from "@jest/globals";
import { holdingJobs, type ImportJob, newFiles, type WantedImport } from "../../../pipeline/planning/imports.ts";
import { settleImports } from "../../../pipeline/planning/settle-imports.ts";

const job = (name: string, createdAt: number, mode = "INCREMENTAL", status = "ACTIVE"): ImportJob => ({
  ...{ arn: `job/${name}`, name, status, mode, createdAt, finishedAt: createdAt + 1 },
});

describe("what a dataset holds", () => {
  it("is the last FULL import and what was added to it, newest first", () => {
    const jobs = [
      job("old", 1, "FULL"),
      job("b", 2),
      job("full", 3, "FULL"),
      job("c", 4),
      job("no", 5, "FULL", "CREATE FAILED"),
      job("d", 6),
    ];

    expect(holdingJobs(jobs).map(({ name }) => name)).toEqual(["d", "c", "full"]);
  });

  const file = (key: string, etag: string, sizeBytes = 1) => ({
    key,
    etag,
    versionId: null,
    sizeBytes,
    lastModified: "",
  });

  it("makes new what is not among it in this content", () => {
    const held = [{ type: "interactions" as const, mode: "FULL" as const, files: [file("a", "1"), file("b", "1")] }];

    expect(newFiles([file("a", "1"), file("b", "2"), file("c", "1")], held).map(({ key }) => key)).toEqual(["b", "c"]);
  });

  const wanted = (more: Partial<WantedImport>): WantedImport => ({
    ...{ type: "interactions", datasetArn: "d", jobName: "j", jobArn: "a", dataLocation: "s3://", mode: "INCREMENTAL" },
    files: [file("new.csv", "1")],
    ...more,
  });
  const report = (rows: number, type: "interactions" | "items" = "interactions") => ({
    ...{ type, rows: 99_999, faults: [], warnings: [] },
    files: [
      { key: "old.csv", rows: 99_999 - rows },
      { key: "new.csv", rows },
    ],
  });

  it.each([
    { why: "1,000 new interactions", one: wanted({}), reports: [report(1000)], imports: 1, faults: 0, warnings: 0 },
    { why: "999 of them", one: wanted({}), reports: [report(999)], imports: 0, faults: 0, warnings: 1 },
    {
      why: "9 of them, FULL",
      one: wanted({ mode: "FULL", files: [] }),
      reports: [report(9)],
      imports: 1,
      faults: 0,
      warnings: 0,
    },
    {
      why: "1 new item",
      one: wanted({ type: "items" }),
      reports: [report(1, "items")],
      imports: 1,
      faults: 0,
      warnings: 0,
    },
    {
      why: "more than a gigabyte",
      one: wanted({ files: [file("new.csv", "1", 1e9 + 1)] }),
      ...{ reports: [report(5000)], imports: 0, faults: 1, warnings: 0 },
    },
  ])("is added to as the service allows: $why", ({ one, reports, imports, faults, warnings }) => {
    const settled = settleImports([one], reports);

    expect([settled.imports, settled.faults, settled.warnings].map((list) => list.length)).toEqual([
      ...[imports, faults, warnings],
    ]);
  });
});
