/** Deploying assemblies: order, updates, replacement, removal, assets, and errors that name what to change. */
import { afterAll, describe, expect, it } from "@jest/globals";
import { App, aws_s3_assets, CfnResource, Fn, Stack } from "aws-cdk-lib";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore } from "../../../../local/cloud/journal/memory-store.ts";
import type { Provisioner } from "../../../../local/cloud/ports/service.ts";
import { deployAssembly } from "../../../../local/cloud/template/deploy-assembly.ts";

const scratch = mkdtempSync(join(tmpdir(), "outrank-template-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface StackFixture {
  template: object;
  dependencies?: string[];
  assets?: object;
}

/** A folder as `cdk synth` leaves it. */
function assembly(stacks: Record<string, StackFixture>): string {
  const directory = mkdtempSync(join(scratch, "cdk.out-"));
  const artifacts: Record<string, object> = {};
  for (const [name, { template, dependencies = [], assets }] of Object.entries(stacks)) {
    artifacts[name] = {
      type: "aws:cloudformation:stack",
      dependencies: [...dependencies, ...(assets ? [`${name}.assets`] : [])],
      properties: { templateFile: `${name}.template.json` },
    };
    if (assets) {
      artifacts[`${name}.assets`] = { type: "cdk:asset-manifest", properties: { file: `${name}.assets.json` } };
      writeFileSync(join(directory, `${name}.assets.json`), JSON.stringify(assets));
    }
    writeFileSync(join(directory, `${name}.template.json`), JSON.stringify(template));
  }
  writeFileSync(join(directory, "manifest.json"), JSON.stringify({ version: "48.0.0", artifacts }));
  return directory;
}

/** Provisioners that keep a list of what happened. A changed `Name` replaces a Thing, as in CloudFormation. */
function world() {
  const events: string[] = [];
  const seen = new Map<string, unknown>();
  const provisioner = (type: string): Provisioner => ({
    type,
    apply: ({ logicalId, physicalId, properties }) => {
      const ref = (properties.Name as string | undefined) ?? logicalId.toLowerCase();
      const text = JSON.stringify(properties);
      if (seen.get(ref) !== text) events.push(`${physicalId === ref ? "update" : "create"} ${ref} ${text}`);
      seen.set(ref, text);
      return Promise.resolve({ ref, attributes: { Arn: `arn:${ref}` } });
    },
    remove: (physicalId) => {
      seen.delete(physicalId);
      events.push(`remove ${physicalId}`);
      return Promise.resolve();
    },
  });
  const store = memoryStore();
  const deploy = (directory: string) =>
    deployAssembly({
      directory,
      provisioners: [provisioner("Test::Thing"), provisioner("Test::Other")],
      store,
      account: "000000000000",
      region: "us-east-1",
      log: () => {},
    });
  const take = () => events.splice(0);
  return { deploy, take };
}

const thing = (Properties: object = {}, more: object = {}) => ({ Type: "Test::Thing", Properties, ...more });
const one = (template: object) => assembly({ Stack: { template } });

describe("a deployment", () => {
  it("makes resources before those that refer to them or depend on them", async () => {
    const { deploy, take } = world();

    await deploy(
      one({
        Resources: {
          A: thing({ of: { "Fn::Sub": "${C.Arn}" } }),
          B: thing({}, { DependsOn: ["A"] }),
          C: thing({ in: { "Fn::Join": ["", [{ Ref: "D" }]] } }),
          D: thing(),
          Note: { Type: "AWS::CDK::Metadata", Properties: {} },
        },
      }),
    );

    expect(take()).toEqual(["create d {}", 'create c {"in":"d"}', 'create a {"of":"arn:c"}', "create b {}"]);
  });

  it("done again changes nothing", async () => {
    const { deploy, take } = world();
    const directory = one({ Resources: { A: thing({ x: 1 }) } });
    await deploy(directory);
    take();

    await deploy(directory);

    expect(take()).toEqual([]);
  });

  it("updates, replaces, removes and retains", async () => {
    const { deploy, take } = world();
    await deploy(
      one({
        Resources: {
          Same: thing(),
          Changed: thing({ x: 1 }),
          Renamed: thing({ Name: "old" }),
          Gone: thing(),
          User: thing({ of: { Ref: "Gone" } }),
          Kept: thing({}, { DeletionPolicy: "Retain" }),
        },
      }),
    );
    take();

    await deploy(one({ Resources: { Same: thing(), Changed: thing({ x: 2 }), Renamed: thing({ Name: "new" }) } }));

    expect(take()).toEqual([
      'update changed {"x":2}',
      'create new {"Name":"new"}',
      "remove old",
      "remove user",
      "remove gone",
    ]);
  });

  it("gives a resource that changed its type a new life", async () => {
    const { deploy, take } = world();
    await deploy(one({ Resources: { A: thing({ Name: "first" }) } }));
    take();

    await deploy(one({ Resources: { A: { Type: "Test::Other", Properties: { Name: "second" } } } }));

    expect(take()).toEqual(['create second {"Name":"second"}', "remove first"]);
  });

  it("does not remove what lives on under another logical id", async () => {
    const { deploy, take } = world();
    await deploy(one({ Resources: { A: thing({ Name: "shop" }) } }));
    take();

    await deploy(one({ Resources: { B: thing({ Name: "shop" }) } }));

    expect(take()).toEqual([]);
  });

  it("leaves out what a condition excludes, and says so to those who refer to it", async () => {
    const { deploy, take } = world();
    const template = (more: object) => ({
      Parameters: { Stage: { Type: "String", Default: "dev" } },
      Conditions: {
        IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
        IsDev: { "Fn::Not": [{ Condition: "IsProd" }] },
      },
      Resources: {
        Prod: thing({}, { Condition: "IsProd" }),
        Dev: thing({ size: { "Fn::If": ["IsDev", 1, { Ref: "Prod" }] } }, { Condition: "IsDev" }),
        ...more,
      },
      Outputs: { P: { Condition: "IsProd", Value: { Ref: "Prod" } }, D: { Value: { Ref: "Dev" } } },
    });

    const { stacks } = await deploy(one(template({})));

    expect(take()).toEqual(['create dev {"size":1}']);
    expect(stacks[0]?.outputs).toEqual({ D: "dev" });
    await expect(deploy(one(template({ X: thing({ of: { Ref: "Prod" } }) })))).rejects.toThrow(
      "Prod cannot be referenced: its condition IsProd is false",
    );
  });

  it("knows what a CDK template brings along", async () => {
    const { deploy, take } = world();

    await deploy(
      one({
        Parameters: {
          BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/hnb659fds/version" },
          Zones: { Type: "CommaDelimitedList", Default: "a, b" },
        },
        Mappings: { Sizes: { "us-east-1": { memory: 512 } } },
        Rules: { CheckBootstrapVersion: { Assertions: [] } },
        Resources: {
          A: thing({
            account: { "Fn::Sub": "${AWS::AccountId}.${AWS::Partition}.${AWS::URLSuffix}.${AWS::StackName}" },
            version: { Ref: "BootstrapVersion" },
            zones: { Ref: "Zones" },
            memory: { "Fn::FindInMap": ["Sizes", { Ref: "AWS::Region" }, "memory"] },
          }),
        },
      }),
    );

    expect(take()).toEqual([
      'create a {"account":"000000000000.aws.amazonaws.com.Stack","version":"28","zones":["a","b"],"memory":512}',
    ]);
  });

  it("hands over where assets lie on this machine", async () => {
    const { deploy, take } = world();
    const bucket = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}";
    const location = { "Fn::Sub": bucket };
    const assets = {
      files: {
        abc: {
          source: { path: "asset.abc", packaging: "zip" },
          destinations: { here: { bucketName: bucket, objectKey: "abc.zip" } },
        },
      },
    };
    const template = {
      Resources: {
        F: thing({ Code: { S3Bucket: location, S3Key: "abc.zip" } }),
        M: thing({ DefinitionS3Location: { Bucket: location, Key: "abc.zip" } }),
        Other: thing({ Code: { S3Bucket: "elsewhere", S3Key: "abc.zip" } }),
      },
    };
    const directory = assembly({ Stack: { template, assets } });
    mkdirSync(join(directory, "asset.abc"));

    await deploy(directory);

    const localAsset = join(directory, "asset.abc");
    const here = "cdk-hnb659fds-assets-000000000000-us-east-1";
    expect(take()).toEqual([
      `create f ${JSON.stringify({ Code: { S3Bucket: here, S3Key: "abc.zip", localAsset } })}`,
      `create m ${JSON.stringify({ DefinitionS3Location: { Bucket: here, Key: "abc.zip", localAsset } })}`,
      'create other {"Code":{"S3Bucket":"elsewhere","S3Key":"abc.zip"}}',
    ]);
  });

  it("passes exports from stack to stack, in the order of their dependencies", async () => {
    const { deploy, take } = world();

    const { stacks } = await deploy(
      assembly({
        App: {
          template: { Resources: { B: thing({ of: { "Fn::ImportValue": "data:arn" } }) } },
          dependencies: ["Data"],
        },
        Data: {
          template: {
            Resources: { A: thing() },
            Outputs: { X: { Value: { "Fn::GetAtt": ["A", "Arn"] }, Export: { Name: "data:arn" } } },
          },
        },
      }),
    );

    expect(stacks.map(({ name }) => name)).toEqual(["Data", "App"]);
    expect(take()).toEqual(["create a {}", 'create b {"of":"arn:a"}']);
    expect(stacks[0]?.resources.A).toEqual({ type: "Test::Thing", ref: "a", attributes: { Arn: "arn:a" } });
  });
});

describe("a deployment that cannot be", () => {
  it.each([
    {
      why: "all unknown types, in one message",
      template: {
        Resources: {
          A: thing(),
          Q: { Type: "AWS::SQS::Queue" },
          R: { Type: "AWS::SQS::Queue" },
          K: { Type: "AWS::KMS::Key" },
        },
      },
      says: /AWS::SQS::Queue: Stack\/Q, Stack\/R\n {2}AWS::KMS::Key: Stack\/K/,
    },
    {
      why: "a circle, by name",
      template: {
        Resources: {
          A: thing({ x: { Ref: "B" } }),
          B: thing({}, { DependsOn: "C" }),
          C: thing({ x: { "Fn::GetAtt": "A.Arn" } }),
        },
      },
      says: /circle: A -> B -> C -> A/,
    },
    {
      why: "a macro",
      template: { Transform: "AWS::Serverless-2016-10-31", Resources: {} },
      says: /Serverless.*macros run in AWS only/,
    },
    {
      why: "a name that is nowhere",
      template: { Resources: { A: thing({ x: { Ref: "B" } }) } },
      says: /nothing in the template is called B/,
    },
    {
      why: "DependsOn nothing",
      template: { Resources: { A: thing({}, { DependsOn: "B" }) } },
      says: /DependsOn names B/,
    },
    {
      why: "an unknown attribute",
      template: { Resources: { A: thing(), B: thing({ x: { "Fn::GetAtt": "A.Url" } }) } },
      says: /A \(Test::Thing\) has no attribute Url here; it has: Arn/,
    },
    {
      why: "a parameter without default",
      template: { Parameters: { P: { Type: "String" } }, Resources: { A: thing({ x: { Ref: "P" } }) } },
      says: /parameter P has no default/,
    },
    {
      why: "an SSM parameter",
      template: {
        Parameters: { P: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/x" } },
        Resources: { A: thing({ x: { Ref: "P" } }) },
      },
      says: /P reads SSM/,
    },
    {
      why: "a condition on itself",
      template: {
        Conditions: { C: { "Fn::Not": [{ Condition: "C" }] } },
        Resources: { A: thing({}, { Condition: "C" }) },
      },
      says: /condition C depends on itself/,
    },
    {
      why: "an import nobody exports",
      template: { Resources: { A: thing({ x: { "Fn::ImportValue": "y" } }) } },
      says: /no earlier stack exports y; exports so far: none/,
    },
  ])("says $why", async ({ template, says }) => {
    await expect(world().deploy(one(template))).rejects.toThrow(says);
  });

  it("touches nothing before all of it is known to be good", async () => {
    const { deploy, take } = world();

    await expect(deploy(one({ Resources: { A: thing(), Q: { Type: "AWS::SQS::Queue" } } }))).rejects.toThrow();
    expect(take()).toEqual([]);
  });

  it("says which file is missing", async () => {
    await expect(world().deploy(join(scratch, "nowhere"))).rejects.toThrow(
      "manifest.json is missing: synthesize the app",
    );
  });
});

describe("a real CDK app", () => {
  it("deploys as synthesized, from one process", async () => {
    const outdir = mkdtempSync(join(scratch, "cdk.out-"));
    const file = join(scratch, "machine.json");
    writeFileSync(file, "{}");
    const app = new App({ outdir });
    const stack = new Stack(app, "Shop");
    const asset = new aws_s3_assets.Asset(stack, "Definition", { path: file });
    const first = new CfnResource(stack, "First", {
      type: "Test::Thing",
      properties: { Definition: { Bucket: asset.s3BucketName, Key: asset.s3ObjectKey } },
    });
    new CfnResource(stack, "Second", { type: "Test::Thing", properties: { Of: Fn.join("-", ["x", first.ref]) } });
    app.synth();
    const { deploy, take } = world();

    await deploy(outdir);

    const events = take();
    expect(events).toHaveLength(2);
    expect(events[0]).toContain(`"localAsset":"${outdir}/asset.`);
    expect(events[1]).toBe('create second {"Of":"x-first"}');
  });
});
