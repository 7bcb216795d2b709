import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { App, Aws, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { AwsSolutionsChecks } from "cdk-nag";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allow } from "../../infra/constructs/permission.ts";
import { synthesize } from "../../infra/synthesize.ts";
import { everythingConfig } from "../support/everything.ts";
import { demoConfig, emptyHandlers } from "../support/synthesized.ts";

let folder: string;

function roleAlone(): { readonly app: App; readonly role: Role } {
  const app = new App({ outdir: mkdtempSync(join(folder, "role-")), analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const role = new Role(new Stack(app, "Stack"), "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  return { app, role };
}

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "outrank-checks-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = () => ({
  config: demoConfig(),
  handlers: emptyHandlers(folder),
  outdir: join(folder, "cdk.out"),
});

describe("cdk-nag's AwsSolutions", () => {
  it.each([
    { what: "as it ships", config: demoConfig() },
    { what: "with everything named", config: everythingConfig() },
  ])("finds nothing in the stack $what that is not explained beside its resource", ({ config }) => {
    const faults = () => synthesize({ ...options(), config, checks: (app) => [new AwsSolutionsChecks(app)] });

    expect(faults).not.toThrow();
  });

  it("still finds a star that nobody has explained, on a role with one that is", () => {
    const { app, role } = roleAlone();
    allow(role, { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::data/known/*"], because: "of this test" });
    role.addToPolicy(new PolicyStatement({ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::data/unknown/*"] }));

    expect(() => app.synth()).toThrow(/AwsSolutions-IAM5\[Resource::arn:aws:s3:::data\/unknown\/\*\]/);
  });

  it("is content with a star that has a reason, whatever the ARN is made of", () => {
    const { app, role } = roleAlone();
    const resources = [`${role.roleArn}/*`, `arn:${Aws.PARTITION}:s3:::data/*`, "*"];
    allow(role, { actions: ["s3:GetObject"], resources, because: "of this test" });

    expect(() => app.synth()).not.toThrow();
  });
});

describe("a permission", () => {
  it("is refused when it has a star and no reason", () => {
    const { role } = roleAlone();

    expect(() => allow(role, { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::data/*"] })).toThrow(
      'Stack/Role: s3:GetObject on arn:aws:s3:::data/*: say why a star, in "because"',
    );
  });
});
