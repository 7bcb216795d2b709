/** The first example, on the embedded cloud: the construct needs a dataset group and nothing else. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../examples/01-your-own-stack/app.ts";
import { seededIds, seededRandom } from "../../local/cloud/boot/chance.ts";
import { type Cloud, startCloud } from "../../local/cloud/boot/start-cloud.ts";
import { createJumpingClock } from "../../local/cloud/clock/jumping-clock.ts";
import { clientsFor } from "../../local/cli/connection.ts";
import { listRunIds, readRecord } from "../../local/cli/records.ts";

const folder = mkdtempSync(join(tmpdir(), "outrank-example-"));
const clock = createJumpingClock();
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({
    ...{ stateDir: join(folder, "state"), port: 0, clock, ids: seededIds(7), random: seededRandom(7) },
    log: () => undefined,
    training: { run: "here" },
  });
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

describe("a stack of your own", () => {
  it("has a bucket that starts runs, and tells of what is wrong with a file", async () => {
    const stacks = await cloud.deploy(main(join(folder, "cdk.out")));
    const bucket = String(stacks.find(({ name }) => name === "MyShop")?.outputs["Uploads"]);
    const clients = clientsFor(cloud.url, cloud.region);
    await cloud.resume();

    const upload = { Bucket: bucket, Key: "web/interactions/a.csv", Body: "USER_ID,ITEM_ID\nu1,i1\n" };
    await clients.s3.send(new PutObjectCommand(upload));
    // The schedule fires for ever, so that only its absence lets the clock come to rest.
    await cloud.calls.call("scheduler", "DeleteSchedule", { Name: "my-shop-web" }, { kind: "account" });
    await clock.idle();

    const [runId = ""] = await listRunIds(clients.s3, bucket, "web");
    const record = await readRecord(clients.s3, bucket, "web", runId);
    expect(record.failure).toEqual({
      error: "DataRefused",
      reason: expect.stringContaining("web/interactions/a.csv: column TIMESTAMP"),
    });
    clients.close();
  });
});
