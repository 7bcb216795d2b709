import { afterEach, describe, expect, it } from "@jest/globals";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import type { Store } from "../../../local/cloud/ports/store.ts";
import { startS3, type TestS3 } from "./s3-server.ts";

const Bucket = "lasting-data";
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "outrank-s3-"));
  folders.push(folder);
  return folder;
}

const filesIn = async (dataDir: string) =>
  (await readdir(join(dataDir, "objects"), { recursive: true })).filter((path) => path.includes("/"));
const read = async (server: TestS3, Key: string) =>
  (await server.client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

describe("after a restart", () => {
  it("everything acknowledged is there, uploads under way included", async () => {
    const [dataDir, store] = [await newFolder(), memoryStore()];
    const first = await startS3({ dataDir, store });
    await first.client.send(new CreateBucketCommand({ Bucket }));
    await first.client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "kept" }));
    await first.client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{"Statement":[{"Effect":"Allow"}]}' }));
    const { UploadId } = await first.client.send(new CreateMultipartUploadCommand({ Bucket, Key: "m" }));
    const { ETag } = await first.client.send(
      new UploadPartCommand({ Bucket, Key: "m", UploadId, PartNumber: 1, Body: "part" }),
    );
    await first.stop();

    const second = await startS3({ dataDir, store });
    await second.client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: "m",
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );

    expect([await read(second, "k"), await read(second, "m")]).toEqual(["kept", "part"]);
    expect(second.policies.get(`arn:aws:s3:::${Bucket}`)).toEqual({ Statement: [{ Effect: "Allow" }] });
    await second.stop();
  });

  it("what a crash left is swept: temporary files, and files that no row names", async () => {
    const [dataDir, store] = [await newFolder(), memoryStore()];
    const first = await startS3({ dataDir, store });
    await first.client.send(new CreateBucketCommand({ Bucket }));
    await first.client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "kept" }));
    await first.stop();
    await writeFile(join(dataDir, "tmp", "half"), "half a file");
    await mkdir(join(dataDir, "objects", "ff"), { recursive: true });
    await writeFile(join(dataDir, "objects", "ff", "ff00orphan"), "renamed, but its row was never written");

    const second = await startS3({ dataDir, store });

    expect(await readdir(join(dataDir, "tmp"))).toEqual([]);
    expect(await filesIn(dataDir)).toHaveLength(1);
    expect(await read(second, "k")).toBe("kept");
    await second.stop();
  });
});

describe("an answer", () => {
  it("goes out only after the store has committed", async () => {
    const inner = memoryStore();
    let release: (() => void) | undefined;
    let held = false;
    const store: Store = {
      table: (name) => inner.table(name),
      commit: () => (held ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve()),
    };
    const server = await startS3({ store });
    await server.client.send(new CreateBucketCommand({ Bucket }));
    held = true;
    let answered = false;
    const writing = server.client
      .send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }))
      .then(() => void (answered = true));
    while (!release && !answered) await new Promise((resolve) => setImmediate(resolve)); // until the write waits for the commit
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    const before = answered;

    release?.();
    await writing;

    expect(before).toBe(false);
    await server.stop();
  });
});

describe("a client that goes away in the middle of an upload", () => {
  it("leaves neither object nor file", async () => {
    const server = await startS3();
    await server.client.send(new CreateBucketCommand({ Bucket }));
    const { port } = new URL(server.url);
    const request = http.request({
      port,
      method: "PUT",
      path: `/${Bucket}/broken`,
      headers: { "content-length": 1000 },
    });
    request.on("error", () => {});
    request.write("only the beginning");
    while ((await readdir(join(server.dataDir, "tmp"))).length === 0)
      await new Promise((resolve) => setImmediate(resolve));

    request.destroy();
    while ((await readdir(join(server.dataDir, "tmp"))).length > 0)
      await new Promise((resolve) => setImmediate(resolve));

    expect(await filesIn(server.dataDir)).toEqual([]);
    await expect(read(server, "broken")).rejects.toMatchObject({ name: "NoSuchKey" });
    await server.stop();
  });
});
