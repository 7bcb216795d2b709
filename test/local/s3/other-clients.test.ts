/** The aws cli and boto3, unmodified, where this machine has them. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startS3, type TestS3 } from "./s3-server.ts";

const run = promisify(execFile);

function has(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore", timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

const ifAws = has("aws", ["--version"]) ? describe : describe.skip;
const ifBoto3 = has("python3", ["-c", "import boto3"]) ? describe : describe.skip;

let server: TestS3;
let folder = "";
let env: NodeJS.ProcessEnv = {};
beforeAll(async () => {
  server = await startS3();
  folder = await mkdtemp(join(tmpdir(), "outrank-s3-cli-"));
  const address = { AWS_ENDPOINT_URL: server.url, AWS_DEFAULT_REGION: "us-east-1" };
  env = {
    ...process.env,
    ...address,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_CONFIG_FILE: "/nonexistent",
  };
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

ifAws("the aws cli (skipped: no aws cli)", () => {
  const aws = async (...args: string[]) => (await run("aws", args, { env })).stdout;

  it("makes a bucket, copies a large file up in parts and down again, lists, removes", async () => {
    const big = randomBytes(20_000_000);
    await writeFile(join(folder, "big.bin"), big);

    await aws("s3", "mb", "s3://cli-data");
    await aws("s3", "cp", join(folder, "big.bin"), "s3://cli-data/dir/big.bin", "--quiet");
    await aws("s3", "cp", "s3://cli-data/dir/big.bin", join(folder, "back.bin"), "--quiet");
    const listing = await aws("s3", "ls", "s3://cli-data/", "--recursive");
    await aws("s3", "rb", "s3://cli-data", "--force");

    expect((await readFile(join(folder, "back.bin"))).equals(big)).toBe(true);
    expect(listing).toMatch(/20000000 dir\/big\.bin/);
    expect(await aws("s3", "ls")).not.toContain("cli-data");
  });

  it("shows the error's code", async () => {
    await expect(
      aws("s3api", "get-object", "--bucket", "cli-missing", "--key", "k", join(folder, "x")),
    ).rejects.toThrow("NoSuchBucket");
  });
});

const script = `
import boto3, botocore, json, sys
s3 = boto3.client("s3")
s3.create_bucket(Bucket="boto-data")
s3.put_object(Bucket="boto-data", Key="größe & mehr.csv", Body=b"x" * 1000, Metadata={"a": "b"})
assert s3.get_object(Bucket="boto-data", Key="größe & mehr.csv")["Body"].read() == b"x" * 1000
assert [o["Key"] for o in s3.list_objects_v2(Bucket="boto-data")["Contents"]] == ["größe & mehr.csv"]
lease = s3.put_object(Bucket="boto-data", Key="lease", Body=b"1", IfNoneMatch="*")
try:
    s3.put_object(Bucket="boto-data", Key="lease", Body=b"2", IfNoneMatch="*")
    sys.exit("the lease was taken twice")
except botocore.exceptions.ClientError as e:
    assert e.response["Error"]["Code"] == "PreconditionFailed", e
s3.put_object(Bucket="boto-data", Key="lease", Body=b"3", IfMatch=lease["ETag"])
s3.delete_objects(Bucket="boto-data", Delete={"Objects": [{"Key": "lease"}, {"Key": "größe & mehr.csv"}]})
assert s3.list_objects_v2(Bucket="boto-data")["KeyCount"] == 0
url = s3.generate_presigned_url("list_buckets")
print(json.dumps([b["Name"] for b in s3.list_buckets()["Buckets"]]))
`;

ifBoto3("boto3 (skipped: no boto3)", () => {
  it("puts, gets, lists, leases and deletes", async () => {
    const { stdout } = await run("python3", ["-c", script], { env });

    expect(JSON.parse(stdout)).toContain("boto-data");
  });
});
