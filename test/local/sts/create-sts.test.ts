import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { AccessDeniedException } from "../../../local/cloud/ports/aws-error.ts";
import type { AccessRequest } from "../../../local/cloud/ports/service.ts";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import { createSts } from "../../../local/sts/create-sts.ts";
import { createCredentials } from "../../../local/sts/credentials.ts";
import { allowAll, countingIds, startCloud } from "../../support/running-cloud.ts";

const RoleArn = "arn:aws:iam::000000000000:role/service-role/judge";

let cloud: Awaited<ReturnType<typeof startCloud>>;
let refuse: boolean;
let asked: AccessRequest[];

beforeEach(async () => {
  refuse = false;
  asked = [];
  const authorizer = {
    ...allowAll,
    authorize: (_: unknown, request: AccessRequest) => {
      asked.push(request);
      if (refuse) throw new AccessDeniedException("someone", request.action, request.resource);
    },
  };
  cloud = await startCloud((deps) => [createSts({ ...deps, credentials: createCredentials(deps) }).service], {
    authorizer,
  });
});
afterEach(() => cloud.close());

describe("STS", () => {
  it("tells the account for the user's own key, without asking for permission", async () => {
    const { $metadata: _, ...identity } = await new STSClient(cloud.client()).send(new GetCallerIdentityCommand({}));
    expect(identity).toEqual({
      UserId: "000000000000",
      Account: "000000000000",
      Arn: "arn:aws:iam::000000000000:root",
    });
    expect(asked).toEqual([]);
  });

  it("gives keys for a role, with which one is that role's session", async () => {
    const { Credentials: keys, AssumedRoleUser: user } = await new STSClient(cloud.client()).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: "me", DurationSeconds: 900 }),
    );
    const credentials = {
      accessKeyId: keys?.AccessKeyId ?? "",
      secretAccessKey: keys?.SecretAccessKey ?? "",
      sessionToken: keys?.SessionToken ?? "",
    };
    const identity = await new STSClient(cloud.client(credentials)).send(new GetCallerIdentityCommand({}));

    expect(asked).toEqual([{ action: "sts:AssumeRole", resource: RoleArn }]);
    expect(keys?.Expiration?.getTime()).toBeGreaterThanOrEqual(cloud.deps.clock.now() + 890_000);
    expect(identity.Arn).toBe("arn:aws:sts::000000000000:assumed-role/judge/me");
    expect(identity.UserId).toBe(user?.AssumedRoleId);
  });

  it("refuses roles that the caller may not assume", async () => {
    refuse = true;
    const refused = new STSClient(cloud.client()).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "me" }));
    await expect(refused).rejects.toMatchObject({ name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
  });
});

describe("credentials", () => {
  const store = memoryStore();
  const credentials = createCredentials({ ids: countingIds(), store });

  it("are the same for the same role and session, and belong to it after a restart", () => {
    const key = credentials.issue(RoleArn, "judge-1");
    expect(key.accessKeyId).toMatch(/^ASIA[0-9A-F]{16}$/);
    expect(credentials.issue(RoleArn, "judge-1")).toEqual(key);
    expect(credentials.issue(RoleArn, "judge-2")).not.toEqual(key);

    const restarted = createCredentials({ ids: countingIds(), store });
    expect(restarted.issue(RoleArn, "judge-1")).toEqual(key);
    expect(restarted.callerOf(key.accessKeyId)).toEqual({ kind: "role", roleArn: RoleArn, session: "judge-1" });
    expect(restarted.callerOf("AKIAUNKNOWN")).toEqual({ kind: "account" });
  });

  it("that expired long ago are forgotten", () => {
    const hour = 3_600_000;
    const old = credentials.issue(RoleArn, "old", 100 * hour);
    const young = credentials.issue(RoleArn, "young", 110 * hour);
    credentials.issue(RoleArn, "new", 113 * hour);
    expect(credentials.find(old.accessKeyId)).toBeUndefined();
    expect(credentials.find(young.accessKeyId)).toMatchObject(young);
  });
});
