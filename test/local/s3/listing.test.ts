import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { listPage } from "../../../local/s3/listing/list-page.ts";
import { compareKeys, createSortedKeys, lowerBound } from "../../../local/s3/storage/key-order.ts";
import { startS3, type TestS3 } from "./s3-server.ts";

const Bucket = "list-data";
const keys = ["a.csv", "dir/1", "dir/2", "dir/sub/3", "dir2/4", "z", "ä b+&<.csv", "\u{1f6b2}", "\uff21"];
let server: TestS3;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new CreateBucketCommand({ Bucket }));
  for (const Key of keys) await server.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => server.stop());

const list = (more: object = {}) => server.client.send(new ListObjectsV2Command({ Bucket, ...more }));
const keysOf = (page: { Contents?: { Key?: string }[] }) => (page.Contents ?? []).map(({ Key }) => Key);
const prefixesOf = (page: { CommonPrefixes?: { Prefix?: string }[] }) =>
  (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix);

describe("ListObjectsV2", () => {
  it("lists in the order of UTF-8 bytes, which is not JavaScript's", async () => {
    const utf8 = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

    expect(keysOf(await list())).toEqual(utf8);
    expect(utf8.indexOf("\uff21")).toBeLessThan(utf8.indexOf("\u{1f6b2}"));
    expect([...keys].sort().indexOf("\uff21")).toBeGreaterThan([...keys].sort().indexOf("\u{1f6b2}"));
  });

  it.each([
    { why: "a prefix", how: { Prefix: "dir" }, keys: ["dir/1", "dir/2", "dir/sub/3", "dir2/4"], prefixes: [] },
    { why: "folders", how: { Delimiter: "/", MaxKeys: 4 }, keys: ["a.csv", "z"], prefixes: ["dir/", "dir2/"] },
    { why: "a folder", how: { Prefix: "dir/", Delimiter: "/" }, keys: ["dir/1", "dir/2"], prefixes: ["dir/sub/"] },
    { why: "a start", how: { StartAfter: "dir2/4", MaxKeys: 1 }, keys: ["z"], prefixes: [] },
    { why: "a start that is no key", how: { StartAfter: "dir/15", MaxKeys: 1 }, keys: ["dir/2"], prefixes: [] },
    { why: "nothing", how: { Prefix: "none" }, keys: [], prefixes: [] },
    { why: "no keys wanted", how: { MaxKeys: 0 }, keys: [], prefixes: [] },
  ])("shows $why", async ({ how, keys: expected, prefixes }) => {
    const page = await list(how);

    expect({ keys: keysOf(page), prefixes: prefixesOf(page) }).toEqual({ keys: expected, prefixes });
    expect(page.KeyCount).toBe(expected.length + prefixes.length);
  });

  it.each([{ MaxKeys: 1 }, { MaxKeys: 2 }, { MaxKeys: 3 }, { MaxKeys: 100 }])(
    "pages of $MaxKeys with folders give everything once",
    async (how) => {
      const seen: (string | undefined)[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await list({ ...how, Delimiter: "/", ContinuationToken });
        seen.push(...keysOf(page), ...prefixesOf(page));
        expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);

      expect(seen.sort()).toEqual([...keys.filter((key) => !key.includes("/")), "dir/", "dir2/"].sort());
    },
  );

  it("encodes keys where asked", async () => {
    const page = await list({ EncodingType: "url", Prefix: "ä" });

    expect(keysOf(page)).toEqual(["%C3%A4%20b%2B%26%3C.csv"]);
    expect(page.EncodingType).toBe("url");
  });

  it("shows owners only where asked", async () => {
    expect((await list({ MaxKeys: 1 })).Contents?.[0]?.Owner).toBeUndefined();
    expect((await list({ MaxKeys: 1, FetchOwner: true })).Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  });

  it("refuses a token that it did not give", async () => {
    await expect(list({ ContinuationToken: "nonsense" })).rejects.toMatchObject({ name: "InvalidArgument" });
  });
});

describe("ListObjects, the first version", () => {
  it("pages by marker, with folders", async () => {
    const page = (Marker: string) =>
      server.client.send(new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 2, Marker }));

    const first = await page("");
    const second = await page(first.NextMarker ?? "");

    expect([keysOf(first), prefixesOf(first), first.NextMarker]).toEqual([["a.csv"], ["dir/"], "dir/"]);
    expect([keysOf(second), prefixesOf(second)]).toEqual([["z"], ["dir2/"]]);
  });
});

describe("ListObjectVersions", () => {
  it("pages within the versions of one key, newest first", async () => {
    const bucket = "version-data";
    await server.client.send(new CreateBucketCommand({ Bucket: bucket }));
    await server.client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    const ids: (string | undefined)[] = [];
    for (const Body of ["1", "2", "3"]) {
      ids.unshift((await server.client.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body }))).VersionId);
    }
    ids.unshift((await server.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: "k" }))).VersionId);

    const seen: (string | undefined)[] = [];
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let more = true; more;) {
      const page = await server.client.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1, ...marker }));
      seen.push(...[...(page.DeleteMarkers ?? []), ...(page.Versions ?? [])].map(({ VersionId }) => VersionId));
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      more = page.IsTruncated === true;
    }
    const all = await server.client.send(new ListObjectVersionsCommand({ Bucket: bucket }));

    expect(seen).toEqual(ids);
    expect(all.DeleteMarkers?.map(({ IsLatest }) => IsLatest)).toEqual([true]);
    expect(all.Versions?.map(({ IsLatest, Size }) => [IsLatest, Size])).toEqual([
      [false, 1],
      [false, 1],
      [false, 1],
    ]);
  });
});

/** Keys of few letters, so that prefixes, delimiters and neighbours meet often. */
const someKeys = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "\u{1f600}", "\uffff"), minLength: 1, maxLength: 5 }),
  { maxLength: 30 },
);

describe("listPage, against a listing made the slow way", () => {
  it("gives the same keys and common prefixes, whatever the page size", () => {
    fc.assert(
      fc.property(
        someKeys,
        fc.constantFrom("", "a", "a/", "é"),
        fc.constantFrom("", "/", "b"),
        fc.integer({ min: 1, max: 7 }),
        (all, prefix, delimiter, maxItems) => {
          const sorted = [...all].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
          const expected: string[] = [];
          for (const key of sorted.filter((k) => k.startsWith(prefix))) {
            const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
            const shown = at < 0 ? `key ${key}` : `group ${key.slice(0, at + delimiter.length)}`;
            if (!expected.includes(shown)) expected.push(shown);
          }

          const seen: string[] = [];
          let position: object = {};
          for (let more = true; more;) {
            const page = listPage(sorted, (key) => [key], { prefix, delimiter, maxItems, ...position });
            seen.push(
              ...page.items.map((key) => `key ${key}`),
              ...page.commonPrefixes.map((group) => `group ${group}`),
            );
            expect(page.items.length + page.commonPrefixes.length).toBeLessThanOrEqual(maxItems);
            const key = page.last?.key ?? "";
            position = page.last?.item === undefined ? { after: { key }, groupsAfter: key } : { after: { key } };
            more = page.isTruncated;
          }

          expect([...seen].sort()).toEqual([...expected].sort());
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("keys in order", () => {
  it("compare like their UTF-8 bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });

  it("stay sorted while keys come and go", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.constantFrom(..."abcdefgh"), fc.boolean())), (steps) => {
        const sorted = createSortedKeys();
        const model = new Set<string>();
        for (const [isAdd, key, look] of steps) {
          if (isAdd) sorted.add(key);
          else sorted.delete(key);
          if (isAdd) model.add(key);
          else model.delete(key);
          if (look) expect(sorted.all()).toEqual([...model].sort());
        }
        expect(sorted.all()).toEqual([...model].sort());
        expect(lowerBound(sorted.all(), "d")).toBe([...model].filter((key) => key < "d").length);
      }),
    );
  });
});
