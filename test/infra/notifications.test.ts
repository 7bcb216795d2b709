/** Who hears of what: the configuration's mail boxes and webhooks on the right topics, and nothing that cdk-nag finds. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { AwsSolutionsChecks } from "cdk-nag";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../infra/synthesize.ts";
import { Notifications } from "../../pipeline/config/notifications.ts";
import type { OutrankConfig } from "../../pipeline/config/outrank-config.ts";
import {
  emptyHandlers,
  ofType,
  type Resource,
  type Resources,
  resourcesIn,
  withGroups,
} from "../support/synthesized.ts";

const slack = "https://hooks.slack.com/services/T0/B0/secret";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "outrank-notifications-"));
  emptyHandlers(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assemblyOf(checked = false): string {
  const config = withGroups({ name: "one", scheduled: false }, { name: "two", scheduled: false });
  const [one, two] = config.datasetGroups as [OutrankConfig["datasetGroups"][0], OutrankConfig["datasetGroups"][0]];
  return synthesize({
    config: {
      ...config,
      notifications: Notifications.parse({ emails: ["all@example.org"], webhooks: [slack] }),
      datasetGroups: [one, { ...two, notifications: Notifications.parse({ emails: ["two@example.org"] }) }],
    },
    handlers: join(folder, "handlers"),
    outdir: mkdtempSync(join(folder, "cdk.out-")),
    ...(checked ? { checks: (app) => [new AwsSolutionsChecks(app)] } : {}),
  });
}

const machine = (resources: Resources, name: string): Resource | undefined =>
  ofType(resources, "AWS::StepFunctions::StateMachine").find(({ Properties }) => Properties.StateMachineName === name);

describe("notifications", () => {
  it("reach the project's subscribers from every group, and a group's own from that group alone", () => {
    const resources = resourcesIn(assemblyOf());
    const topicOf = (group: string): string =>
      machine(resources, `outrank-${group}`)?.Properties.DefinitionSubstitutions.NoticeTopicArn.Ref;
    const heardBy = (topic: string): string[] =>
      ofType(resources, "AWS::SNS::Subscription")
        .filter(({ Properties }) => Properties.TopicArn.Ref === topic)
        .map(({ Properties }) => (Properties.Protocol === "email" ? Properties.Endpoint : Properties.Protocol))
        .sort();

    expect(heardBy(topicOf("one"))).toEqual(["all@example.org", "lambda"]);
    expect(heardBy(topicOf("two"))).toEqual(["all@example.org", "lambda", "two@example.org"]);
    expect(topicOf("one")).not.toBe(topicOf("two"));
  });

  it("call a webhook's function from their topic only, and tell its URL nowhere but in its environment", () => {
    const assembly = assemblyOf();
    const resources = resourcesIn(assembly);
    const calls = ofType(resources, "AWS::Lambda::Permission").map(({ Properties }) => Properties);
    const text = readFileSync(join(assembly, "Outrank.template.json"), "utf8");

    expect(calls.map(({ Principal }) => Principal)).toEqual(["sns.amazonaws.com", "sns.amazonaws.com"]);
    expect(calls.every(({ SourceArn }) => resources[SourceArn.Ref]?.Type === "AWS::SNS::Topic")).toBe(true);
    expect(text.split(slack)).toHaveLength(1 + calls.length);
    expect(text.match(new RegExp(`"WEBHOOK_URL": "${slack}"`, "g"))).toHaveLength(calls.length);
  });

  it("leave cdk-nag with nothing to find", () => {
    expect(() => assemblyOf(true)).not.toThrow();
  });

  it.each([
    { why: "in the clear", webhook: "http://example.org/hook" },
    { why: "no URL", webhook: "hooks.slack.com/x" },
    { why: "looks like this machine", webhook: "http://localhost.example.org/hook" },
  ])("refuse a webhook that is $why", ({ webhook }) => {
    expect(Notifications.safeParse({ webhooks: [webhook] }).success).toBe(false);
  });
});
