/** Files of batch jobs: groups of lines, what is not done twice, what is told on the way. */
import { Readable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import {
  transformFiles,
  type Advance,
  type Transformation,
} from "../../../../local/personalize/batch/transform-files.ts";
import type { RoleBucket } from "../../../../local/personalize/lifecycles/role-bucket.ts";
import type { BatchProgress } from "../../../../local/personalize/model.ts";

function world(files: Readonly<Record<string, string>>) {
  const written: Record<string, string> = {};
  const remembered: BatchProgress[] = [];
  const told: Advance[] = [];
  const groups: number[] = [];
  const info = { versionId: undefined, lastModified: 0 };
  const bucket: RoleBucket = {
    files: async () =>
      Object.entries(files).map(([key, text]) => ({ key, sizeBytes: text.length, etag: `e-${key}`, ...info })),
    read: async (_, key) => Readable.from([Buffer.from(files[key] ?? "")]),
    write: async (_, key, body) => {
      const chunks: Buffer[] = [];
      for await (const chunk of typeof body === "string" ? [body] : body) chunks.push(Buffer.from(chunk as Buffer));
      written[key] = Buffer.concat(chunks).toString();
    },
  };
  const run = (more: Partial<Transformation> = {}) =>
    transformFiles({
      inputPath: "s3://shop/in/",
      outputPath: "s3://shop/out/",
      limits: { files: 10, bytes: 1000, recordsPerFile: 100 },
      signal: new AbortController().signal,
      before: undefined,
      ...{ bucket, remember: async (progress) => void remembered.push(progress) },
      progress: (advance) => void told.push(advance),
      answer: (lines) => {
        groups.push(lines.length);
        return lines.map((line) => `${line}!\n`);
      },
      ...more,
    });
  return { run, written, remembered, told, groups };
}

const many = (count: number) => Array.from({ length: count }, (_, n) => `${n}\n`).join("");

describe("transformFiles", () => {
  it("answers sixteen lines together, in order, blank ones left out", async () => {
    const { run, written, groups } = world({ "in/a": `\n${many(18)}\n` });

    expect(await run()).toBe(18);

    expect(groups).toEqual([16, 2]);
    expect(written["out/a.out"]).toBe(many(18).replaceAll("\n", "!\n"));
  });

  it("does not write again what was finished before, and counts its lines all the same", async () => {
    const { run, written, remembered } = world({ "in/a": "1\n2\n", "in/b": "3\n" });

    expect(await run({ before: { files: ["in/a e-in/a"], records: 2 } })).toBe(3);

    expect(Object.keys(written)).toEqual(["out/_CHECK", "out/b.out"]);
    expect(remembered).toEqual([{ files: ["in/a e-in/a", "in/b e-in/b"], records: 3 }]);
  });

  it("answers a file again that has changed meanwhile", async () => {
    const { run, written } = world({ "in/a": "1\n" });

    await run({ before: { files: ["in/a e-of-another-content"], records: 2 } });

    expect(written["out/a.out"]).toBe("1!\n");
  });

  it("tells how far it is, in records and bytes", async () => {
    const { run, told } = world({ "in/a": many(10), "in/b": many(20) });

    await run();

    expect(told).toEqual([
      { records: 10, bytes: 20, totalBytes: 70 },
      { records: 26, bytes: 58, totalBytes: 70 },
      { records: 30, bytes: 70, totalBytes: 70 },
    ]);
  });

  it.each([
    { why: "files", limits: { files: 1, bytes: 1000, recordsPerFile: 9 }, says: "2 files; at most 1" },
    { why: "bytes", limits: { files: 9, bytes: 7, recordsPerFile: 9 }, says: "8 bytes; at most 7" },
    { why: "records", limits: { files: 9, bytes: 1000, recordsPerFile: 1 }, says: "a has more than 1 records" },
  ])("refuses too many $why", async ({ limits, says }) => {
    const { run } = world({ "in/a": "1\n2\n", "in/b": "3\n4\n" });

    await expect(run({ limits })).rejects.toThrow(says);
  });
});
