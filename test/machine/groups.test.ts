/** Dataset groups run side by side and know nothing of each other (R3); a deployment during a run changes the next one only. */
import { ListCampaignsCommand } from "@aws-sdk/client-personalize";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
afterEach(() => stack.close());

const filesOf = (group: string, seed: number) => ({
  [`${group}/interactions/interactions.csv`]: interactionsCsv({ users: 100, seed }),
  [`${group}/items/items.csv`]: itemsCsv(),
});

describe("two dataset groups", () => {
  const [club] = communitiesConfig().datasetGroups;
  const config = { datasetGroups: [club, { ...club, name: "cinema" }] } as ReturnType<typeof communitiesConfig>;

  it("whose data arrive together run at the same time, each with its own lease, data, campaign and record", async () => {
    const port = createFaultPort();
    stack = await startStack({ config, fault: port.fault });
    const leases: string[][] = [];
    port.on("CreateSolutionVersion", async (_, next) => {
      const held = ["club", "cinema"].map(async (group) => {
        const lease = new GetObjectCommand({ Bucket: stack.bucket, Key: `outrank/${group}/lease.json` });
        const { Body } = await stack.s3.send(lease);
        const { owner } = JSON.parse((await Body?.transformToString()) ?? "{}") as { owner?: string };
        return String(owner).split(":")[6] ?? "";
      });
      leases.push(await Promise.all(held));
      return next();
    });

    await stack.drop({ ...filesOf("club", 1), ...filesOf("cinema", 2) });
    await stack.rest();

    const records = [await stack.records("club"), await stack.records("cinema")].flat();
    expect(records.map(({ group, outcome }) => [group, outcome])).toEqual([
      ["club", "PROMOTE"],
      ["cinema", "PROMOTE"],
    ]);
    expect(records.map(({ inputs }) => inputs.map(({ key }) => key.split("/")[0]))).toEqual([
      ["club", "club"],
      ["cinema", "cinema"],
    ]);
    expect(leases[0]).toEqual(["outrank-club", "outrank-cinema"]); // both were held at that moment
    const { campaigns = [] } = await stack.personalize.send(new ListCampaignsCommand({}));
    expect(campaigns.map(({ name }) => name).sort()).toEqual(["outrank-cinema-main", "outrank-club-main"]);
    const [first, second] = records;
    expect(Date.parse(second?.startedAt ?? "")).toBeLessThan(Date.parse(first?.finishedAt ?? ""));
  });

  it("are not disturbed by each other's failure", async () => {
    stack = await startStack({ config });

    await stack.drop({ ...filesOf("club", 1), "cinema/interactions/interactions.csv": "USER_ID,ITEM_ID\nu1,i1\n" });
    await stack.rest();

    expect((await stack.records("club")).map(({ outcome }) => outcome)).toEqual(["PROMOTE"]);
    expect((await stack.records("cinema")).map(({ outcome }) => outcome)).toEqual(["FAILED"]);
  });
});

describe("a deployment during a run", () => {
  it("leaves the run its definition and its configuration, and changes the next one (failure row 29)", async () => {
    const port = createFaultPort();
    const elsewhere = "arn:aws:sns:us-east-1:000000000000:elsewhere";
    stack = await startStack({ config: communitiesConfig(), fault: port.fault });
    port.once("DescribeSolutionVersion", async (_, next) => {
      await stack.redeploy({
        template: (text) => text.replace(/("NoticeTopicArn": ?)\{\s*"Ref": ?"[^"]+"\s*\}/, `$1"${elsewhere}"`),
      });
      return next();
    });

    await stack.drop(filesOf("club", 1));
    await stack.rest();
    await stack.begin("club");
    await stack.rest();

    expect((await stack.records("club")).map(({ outcome }) => outcome)).toEqual(["PROMOTE", expect.any(String)]);
    const topics = port.inputs("Publish").map(({ TopicArn }) => TopicArn);
    expect(topics[0]).not.toBe(elsewhere);
    expect(topics.at(-1)).toBe(elsewhere);
  });
});
