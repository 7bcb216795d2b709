/** CSV as Hive reads it: which files, which lines, which fields, which values. */
import type { Table } from "@aws-sdk/client-glue";
import { describe, expect, it } from "@jest/globals";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { openRoleFiles } from "../../../../local/glue/data/role-files.ts";
import { readTable } from "../../../../local/glue/data/read-table.ts";
import { formatOf } from "../../../../local/glue/data/table-format.ts";
import type { ObjectStore } from "../../../../local/cloud/ports/service.ts";
import { openDoor } from "../../../support/service-deps.ts";

const openCsv = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
const lazy = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

interface Described {
  readonly types: readonly string[];
  readonly serde?: string;
  readonly settings?: Record<string, string>;
  readonly parameters?: Record<string, string>;
}

const tableOf = ({ types, serde = openCsv, settings = {}, parameters = {} }: Described): Table => ({
  Name: "t",
  Parameters: parameters,
  StorageDescriptor: {
    Location: "s3://lake/t/",
    Columns: types.map((Type, index) => ({ Name: `c${index}`, Type })),
    SerdeInfo: { SerializationLibrary: serde, Parameters: settings },
  },
});

/** Objects arrive in chunks of three bytes, so that nothing depends on where a chunk ends. */
async function rowsOf(described: Described, objects: Readonly<Record<string, string | Buffer>>) {
  const chunks = (body: Buffer) =>
    Array.from({ length: Math.ceil(body.length / 3) }, (_, index) => body.subarray(index * 3, index * 3 + 3));
  const store: Pick<ObjectStore, "list" | "read"> = {
    list: (_, prefix) =>
      Promise.resolve(
        Object.entries(objects)
          .filter(([key]) => key.startsWith(prefix))
          .map(([key, body]) => ({
            ...{ key, sizeBytes: body.length, etag: "", versionId: undefined, lastModified: 0 },
          })),
      ),
    read: (_, key) => Promise.resolve(Readable.from(chunks(Buffer.from(objects[key] ?? "")))),
  };
  const rows: unknown[] = [];
  const role = { authorizer: openDoor, roleArn: "arn:aws:iam::000000000000:role/r", session: "s" };
  await readTable({
    format: formatOf(tableOf(described)),
    files: openRoleFiles({ objects: store as ObjectStore, ...role }),
    signal: new AbortController().signal,
    take: (row) => void rows.push(row),
  });
  return rows;
}

describe("which files are a table's", () => {
  it("are all below its location, packed or not, but hidden and empty ones", async () => {
    const objects = {
      "t/a.csv": "1\n",
      "t/deep/b.csv": "2\n",
      "t/c.csv.gz": gzipSync("3\n"),
      "t/_SUCCESS": "x",
      "t/.part.crc": "x",
      "t/_old/d.csv": "4\n",
      "t/empty.csv": "",
      "tt/e.csv": "5\n",
    };
    expect(await rowsOf({ types: ["int"] }, objects)).toEqual([["1"], ["2"], ["3"]]);
  });
});

describe("which lines are rows", () => {
  it.each([
    { text: "a\nb\n", rows: [["a"], ["b"]], why: "a last line's end is none" },
    { text: "a\r\nb", rows: [["a"], ["b"]], why: "ends of two characters, and no last end" },
    { text: "\uFEFFa\n\n\nb\n", rows: [["a"], ["b"]], why: "a byte order mark and empty lines are no data" },
    { text: "größe\n😀\n", rows: [["größe"], ["😀"]], why: "characters across chunks stay whole" },
  ])("$why", async ({ text, rows }) => {
    expect(await rowsOf({ types: ["string"] }, { "t/a.csv": text })).toEqual(rows);
  });

  it("leaves out the header of each file, whatever it says", async () => {
    const parameters = { "skip.header.line.count": "1" };
    const objects = { "t/a.csv": "c1,c0\nx,y\n", "t/b.csv": "c0,c1\nz,w\n" };

    expect(await rowsOf({ types: ["string", "string"], parameters }, objects)).toEqual([
      ["x", "y"],
      ["z", "w"],
    ]);
  });
});

describe("which fields a line has", () => {
  it.each([
    { line: 'a,"b,c",d', fields: ["a", "b,c", "d"], why: "a separator in quotes" },
    { line: '"say ""hi""",b,c', fields: ['say "hi"', "b", "c"], why: "a quote doubled" },
    { line: '"a\\"b","c\\\\",d', fields: ['a"b', "c\\", "d"], why: "an escaped quote and an escaped escape" },
    { line: "a,,", fields: ["a", "", ""], why: "empty fields are empty texts" },
    { line: "a", fields: ["a", null, null], why: "fields that are missing are null" },
    { line: "a,b,c,d", fields: ["a", "b", "c"], why: "fields too many are left out" },
    { line: '"open,b', fields: ["open,b", null, null], why: "a line ends every quote" },
  ])("OpenCSVSerde: $why", async ({ line, fields }) => {
    expect(await rowsOf({ types: ["string", "string", "string"] }, { "t/a.csv": line })).toEqual([fields]);
  });

  it("OpenCSVSerde: marks of one's own", async () => {
    const settings = { separatorChar: ";", quoteChar: "'" };
    const rows = await rowsOf({ types: ["string", "string"], settings }, { "t/a.csv": "'a;b';c" });
    expect(rows).toEqual([["a;b", "c"]]);
  });

  it("LazySimpleSerDe: quotes are text, \\N is null", async () => {
    const described = { types: ["string", "string"], serde: lazy, settings: { "field.delim": "," } };
    expect(await rowsOf(described, { "t/a.csv": '"a",\\N\n' })).toEqual([['"a"', null]]);
  });
});

describe("which value a field has", () => {
  it.each([
    { type: "bigint", field: "007", value: "7", why: "numbers have one spelling" },
    { type: "bigint", field: "9223372036854775807", value: "9223372036854775807", why: "the largest" },
    { type: "bigint", field: "9223372036854775808", value: null, why: "too large" },
    { type: "int", field: "2147483648", value: null, why: "too large for 32 bits" },
    { type: "int", field: "1.5", value: null, why: "no whole number" },
    { type: "int", field: "", value: null, why: "nothing is no number" },
    { type: "double", field: " 1.50 ", value: "1.5", why: "blanks around" },
    { type: "double", field: "1e3", value: "1000", why: "an exponent" },
    { type: "float", field: "abc", value: null, why: "no number" },
    { type: "boolean", field: "TRUE", value: "true", why: "in any letters" },
    { type: "boolean", field: "yes", value: null, why: "not Hive's word" },
    { type: "date", field: "2026-11-24", value: "2026-11-24", why: "a day" },
    { type: "timestamp", field: "soon", value: null, why: "no time" },
    { type: "varchar(10)", field: "x", value: "x", why: "a text" },
  ])("$type $field is $value: $why", async ({ type, field, value }) => {
    const described = { types: [type, "string"] };
    expect(await rowsOf(described, { "t/a.csv": `${field},x` })).toEqual([[value, "x"]]);
  });
});

describe("a table that cannot be read", () => {
  it.each([
    { change: { PartitionKeys: [{ Name: "day" }] }, error: "has no partitions" },
    {
      change: { StorageDescriptor: { ...tableOf({ types: ["string"] }).StorageDescriptor, Location: "/tmp" } },
      error: "/tmp is not in S3",
    },
    { change: tableOf({ types: ["array<string>"] }), error: "column c0 has the type array<string>" },
    { change: { StorageDescriptor: {} }, error: "has no columns" },
  ])("says why: $error", ({ change, error }) => {
    expect(() => formatOf({ ...tableOf({ types: ["string"] }), ...change })).toThrow(error);
  });
});
