/** IAM as services meet it: provisioned roles, resource policies, refusals in AWS's words. */
import { describe, expect, it } from "@jest/globals";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { createIam, type IamDeps } from "../../../../local/cloud/iam/create-iam.ts";
import { memoryStore } from "../../../../local/cloud/journal/memory-store.ts";
import type { Caller } from "../../../../local/cloud/ports/service.ts";

const account = "000000000000";
const trusting = (service: string, condition?: object) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: service },
      ...(condition && { Condition: condition }),
    },
  ],
});

function start(options: Partial<IamDeps> = {}) {
  const store = options.store ?? memoryStore();
  const iam = createIam({ clock: createJumpingClock(), store, account, region: "us-east-1", ...options });
  const apply = (type: string, logicalId: string, properties: object) => {
    const provisioner = iam.provisioners.find((one) => one.type === type);
    if (!provisioner) throw new Error(`no provisioner for ${type}`);
    return provisioner.apply({ stackName: "Stack", logicalId, physicalId: undefined, properties: { ...properties } });
  };
  return { ...iam, apply, store };
}

async function withRole(properties: object = {}) {
  const iam = start();
  const { ref, attributes } = await iam.apply("AWS::IAM::Role", "Role", {
    AssumeRolePolicyDocument: trusting("lambda.amazonaws.com"),
    ...properties,
  });
  const caller: Caller = { kind: "role", roleArn: String(attributes.Arn), session: "run" };
  return { ...iam, ref, caller };
}

const may = (authorize: () => void): string => {
  try {
    authorize();
    return "yes";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("a role of the template", () => {
  it("may do what its attached policy allows, and is told in AWS's words what it may not", async () => {
    const { apply, authorizer, ref, caller } = await withRole();
    await apply("AWS::IAM::Policy", "Policy", {
      PolicyName: "Default",
      Roles: [ref],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" }],
      },
    });

    const read = { action: "s3:GetObject", resource: "arn:aws:s3:::shop/a" };
    expect(may(() => authorizer.authorize(caller, read))).toBe("yes");
    expect(may(() => authorizer.authorize(caller, { ...read, action: "s3:PutObject" }))).toBe(
      `User: arn:aws:sts::${account}:assumed-role/${ref}/run is not authorized to perform: s3:PutObject on resource: ` +
        "arn:aws:s3:::shop/a because no identity-based policy allows the s3:PutObject action",
    );
  });

  it("loses what a removed policy allowed", async () => {
    const { apply, authorizer, ref, caller, provisioners } = await withRole();
    const policy = await apply("AWS::IAM::ManagedPolicy", "Policy", {
      Roles: [ref],
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    });
    const ask = () => may(() => authorizer.authorize(caller, { action: "sns:Publish", resource: "*" }));

    expect(ask()).toBe("yes");
    await provisioners.find((one) => one.type === "AWS::IAM::ManagedPolicy")?.remove(policy.ref);
    expect(ask()).toContain("no identity-based policy allows");
  });

  it("has AWS's managed policies by ARN", async () => {
    const { authorizer, caller } = await withRole({
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
    });

    const write = { action: "logs:PutLogEvents", resource: "arn:aws:logs:us-east-1:000000000000:log-group:/x" };
    expect(may(() => authorizer.authorize(caller, write))).toBe("yes");
  });

  it("cannot attach a managed policy that nobody knows", async () => {
    await expect(withRole({ ManagedPolicyArns: ["arn:aws:iam::aws:policy/Juggler"] })).rejects.toThrow("Juggler");
  });

  it("is limited by its boundary", async () => {
    const { authorizer, caller } = await withRole({
      Policies: [{ PolicyName: "p", PolicyDocument: { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] } }],
      PermissionsBoundary: "arn:aws:iam::aws:policy/AmazonS3FullAccess",
    });

    expect(may(() => authorizer.authorize(caller, { action: "s3:ListBucket", resource: "arn:aws:s3:::b" }))).toBe(
      "yes",
    );
    expect(may(() => authorizer.authorize(caller, { action: "sns:Publish", resource: "*" }))).toContain(
      "because no permissions boundary allows the sns:Publish action",
    );
  });

  it("is still known after a restart", async () => {
    const before = await withRole();
    const after = start({ store: before.store });

    expect(() =>
      after.authorizer.assertAssumable(String((before.caller as { roleArn: string }).roleArn), "lambda.amazonaws.com"),
    ).not.toThrow();
  });
});

describe("assuming a role", () => {
  it("is for the service that its trust policy names", async () => {
    const { authorizer, caller } = await withRole();
    const arn = caller.kind === "role" ? caller.roleArn : "";

    expect(may(() => authorizer.assertAssumable(arn, "lambda.amazonaws.com"))).toBe("yes");
    expect(may(() => authorizer.assertAssumable(arn, "states.amazonaws.com"))).toBe(
      `states.amazonaws.com is unable to assume role ${arn}: its trust policy does not allow states.amazonaws.com`,
    );
  });

  it("can depend on the account and on what the service acts for", async () => {
    const group = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/default";
    const condition = { StringEquals: { "aws:SourceAccount": account }, ArnLike: { "aws:SourceArn": group } };
    const { authorizer, caller } = await withRole({
      AssumeRolePolicyDocument: trusting("scheduler.amazonaws.com", condition),
    });
    const arn = caller.kind === "role" ? caller.roleArn : "";

    expect(may(() => authorizer.assertAssumable(arn, "scheduler.amazonaws.com", group))).toBe("yes");
    expect(may(() => authorizer.assertAssumable(arn, "scheduler.amazonaws.com"))).toContain("unable to assume");
  });

  it("of an unknown role is refused, or trusted where there is no stack", () => {
    const arn = "arn:aws:iam::000000000000:role/Nobody";
    const stranger: Caller = { kind: "role", roleArn: arn, session: "s" };
    const strict = start().authorizer;
    const bare = start({ unknownRoles: "trust" }).authorizer;

    expect(may(() => strict.assertAssumable(arn, "lambda.amazonaws.com"))).toContain("no such role exists");
    expect(may(() => strict.authorize(stranger, { action: "s3:GetObject", resource: "*" }))).toContain(
      "not authorized",
    );
    expect(may(() => bare.assertAssumable(arn, "lambda.amazonaws.com"))).toBe("yes");
    expect(may(() => bare.authorize(stranger, { action: "s3:GetObject", resource: "*" }))).toBe("yes");
  });
});

describe("policies of resources", () => {
  const bucket = "arn:aws:s3:::shop";
  const personalize: Caller = { kind: "service", principal: "personalize.amazonaws.com" };

  it("of a bucket speak for its objects", async () => {
    const { authorizer, setResourcePolicy } = start();
    await setResourcePolicy(bucket, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "personalize.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: `${bucket}/*`,
        },
      ],
    });

    expect(
      may(() => authorizer.authorize(personalize, { action: "s3:GetObject", resource: `${bucket}/a/b.csv` })),
    ).toBe("yes");
    await setResourcePolicy(bucket, undefined);
    expect(
      may(() => authorizer.authorize(personalize, { action: "s3:GetObject", resource: `${bucket}/a/b.csv` })),
    ).toContain("because no resource-based policy allows");
  });

  it("that demand TLS deny nobody on the loopback, but other denies hold for the account too", async () => {
    const { authorizer, setResourcePolicy } = start();
    const denies = (action: string, condition?: object) => ({
      Effect: "Deny",
      Principal: "*",
      Action: action,
      Resource: [bucket, `${bucket}/*`],
      ...(condition && { Condition: condition }),
    });
    await setResourcePolicy(bucket, {
      Version: "2012-10-17",
      Statement: [denies("s3:*", { Bool: { "aws:SecureTransport": "false" } }), denies("s3:DeleteObject")],
    });

    const on = (action: string) =>
      may(() => authorizer.authorize({ kind: "account" }, { action, resource: `${bucket}/x` }));
    expect(on("s3:GetObject")).toBe("yes");
    expect(on("s3:DeleteObject")).toContain("with an explicit deny in a resource-based policy");
  });

  it("of a function may ask which rule calls", async () => {
    const { authorizer, setResourcePolicy } = start();
    const fn = "arn:aws:lambda:us-east-1:000000000000:function:plan";
    const rule = "arn:aws:events:us-east-1:000000000000:rule/uploads";
    await setResourcePolicy(fn, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "lambda:InvokeFunction",
          Resource: fn,
          Condition: { ArnLike: { "AWS:SourceArn": rule } },
        },
      ],
    });
    const ask = (sourceArn: string) =>
      may(() =>
        authorizer.authorize(
          { kind: "service", principal: "events.amazonaws.com", sourceArn },
          { action: "lambda:InvokeFunction", resource: `${fn}:live` },
        ),
      );

    // A statement on the function itself does not cover its alias, in AWS as here.
    expect(ask(rule)).toContain("not authorized");
    await setResourcePolicy(
      fn,
      JSON.stringify({
        Statement: [
          {
            Effect: "Allow",
            Principal: "*",
            Action: "lambda:InvokeFunction",
            Resource: [fn, `${fn}:*`],
            Condition: { ArnLike: { "AWS:SourceArn": rule } },
          },
        ],
      }),
    );
    expect(ask(rule)).toBe("yes");
    expect(ask(`${rule}-other`)).toContain("not authorized");
  });
});
