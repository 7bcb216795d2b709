import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as events from "@aws-sdk/client-eventbridge";
import * as lambda from "@aws-sdk/client-lambda";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as personalize from "@aws-sdk/client-personalize";
import * as personalizeEvents from "@aws-sdk/client-personalize-events";
import * as personalizeRuntime from "@aws-sdk/client-personalize-runtime";
import * as scheduler from "@aws-sdk/client-scheduler";
import * as sfn from "@aws-sdk/client-sfn";
import * as sns from "@aws-sdk/client-sns";
import * as sts from "@aws-sdk/client-sts";
import { describe, expect, it } from "@jest/globals";
import { NormalizedSchema } from "@smithy/core/schema";
import { loadModel } from "../../../../local/cloud/models/load-model.ts";
import { membersOf } from "../../../../local/cloud/models/model.ts";
import type { ServiceId } from "../../../../local/cloud/ports/service.ts";

type Schemas = Readonly<Record<string, unknown>>;
const clients: [ServiceId, Schemas][] = [
  ["personalize", personalize],
  ["personalize-runtime", personalizeRuntime],
  ["personalize-events", personalizeEvents],
  ["states", sfn],
  ["scheduler", scheduler],
  ["events", events],
  ["lambda", lambda],
  ["logs", logs],
  ["monitoring", cloudwatch],
  ["sns", sns],
  ["sts", sts],
];
const all: ServiceId[] = [...clients.map(([id]) => id), "s3", "glue", "iam"];

/** Members of the SDK's runtime schema of a shape; undefined when the SDK exports none of that name. */
function sdkMembers(client: Schemas, shape: string): string[] | undefined {
  const schema = client[`${shape}$`];
  if (!Array.isArray(schema)) return undefined;
  const normalized = NormalizedSchema.of(schema as never);
  return normalized.isStructSchema() ? [...normalized.structIterator()].map(([name]) => name) : undefined;
}

/** Shapes whose members differ: ours that the SDK does not know, and the SDK's that we lack. */
function differences(service: ServiceId, client: Schemas) {
  const structures = Object.entries(loadModel(service).shapes).filter(([, { type, exception }]) => {
    return type === "structure" && !exception;
  });
  const compared = structures.flatMap(([name, shape]) => {
    const theirs = sdkMembers(client, name);
    const ours = membersOf(shape).map(([member]) => member);
    return theirs ? [{ name, ours, theirs }] : [];
  });
  expect(compared.length).toBeGreaterThan(structures.length / 2);
  const without = (some: string[], others: string[]) => some.filter((member) => !others.includes(member));
  return {
    unknown: compared.flatMap(({ name, ours, theirs }) => without(ours, theirs).map((member) => `${name}.${member}`)),
    lacking: compared.flatMap(({ name, ours, theirs }) => without(theirs, ours).map((member) => `${name}.${member}`)),
  };
}

describe("the reduced models", () => {
  it.each(clients)("of %s name no member that the installed SDK does not know", (service, client) => {
    expect(differences(service, client).unknown).toEqual([]);
  });

  it.each(clients.slice(0, 4))("of %s lack no member that the installed SDK knows", (service, client) => {
    expect(differences(service, client).lacking).toEqual([]);
  });

  it.each(all)("of %s reach only shapes that are there", (service) => {
    const model = loadModel(service);
    const uses = Object.values(model.shapes).flatMap((shape) => [
      ...Object.values(shape.members ?? {}),
      ...[shape.member, shape.key, shape.value].filter((use) => use !== undefined),
    ]);
    const operations = Object.values(model.operations).flatMap(({ input, output, errors }) => [
      input,
      output,
      ...errors,
    ]);
    const names = [...uses.map((use) => use.shape), ...operations].filter((name) => name !== undefined);
    expect(names.filter((name) => !model.shapes[name])).toEqual([]);
  });

  it("hold every operation of Personalize and Step Functions", () => {
    const commands = (client: object) =>
      Object.keys(client)
        .filter((name) => name !== "$Command" && name.endsWith("Command"))
        .map((name) => name.slice(0, -"Command".length))
        .sort();
    expect(Object.keys(loadModel("personalize").operations)).toEqual(commands(personalize));
    expect(Object.keys(loadModel("states").operations)).toEqual(commands(sfn));
  });
});
