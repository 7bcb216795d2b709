import { describe, expect, it } from "@jest/globals";
import { Readable } from "node:stream";
import { createAwsCalls } from "../../../../local/cloud/endpoint/aws-calls.ts";
import { createSdkIntegration } from "../../../../local/cloud/endpoint/sdk-integration.ts";
import { AccessDeniedException, AwsError } from "../../../../local/cloud/ports/aws-error.ts";
import type { Authorizer, AwsService, Caller, ServiceId } from "../../../../local/cloud/ports/service.ts";
import { allowAll, fakeService, serviceDeps } from "../../../support/running-cloud.ts";

const machine: Caller = { kind: "role", roleArn: "arn:aws:iam::000000000000:role/machine", session: "run" };
const datasetGroupArn = "arn:aws:personalize:us-east-1:000000000000:dataset-group/shop";

function integrationOf(id: ServiceId, operations: AwsService["operations"], authorizer: Authorizer = allowAll) {
  const deps = serviceDeps();
  const services = new Map([[id, fakeService(id, operations)]]);
  return createSdkIntegration(createAwsCalls({ ...deps, services, authorizer }));
}

/** An integration that always fails that way. */
const failing = (id: ServiceId, operation: string, error: Error) =>
  integrationOf(id, {
    [operation]: () => {
      throw error;
    },
  });

describe("an SDK integration", () => {
  it("takes and gives PascalCase, timestamps as text, and leaves map keys alone", async () => {
    let received: unknown;
    const integration = integrationOf("personalize", {
      CreateSolution: (input) => {
        received = input;
        return { solutionArn: "arn" };
      },
      DescribeSolution: () => ({
        solution: {
          performAutoML: false,
          creationDateTime: new Date("2026-01-05T00:00:00.120Z"),
          lastUpdatedDateTime: new Date("2026-01-05T00:00:00Z"),
          solutionConfig: { algorithmHyperParameters: { hidden_dimension: "43" } },
          status: undefined,
        },
      }),
    });

    const parameters = {
      Name: "s",
      DatasetGroupArn: datasetGroupArn,
      PerformAutoML: true,
      SolutionConfig: { AlgorithmHyperParameters: { hidden_dimension: "43" } },
    };
    expect(await integration.call("personalize", "createSolution", parameters, machine)).toEqual({
      SolutionArn: "arn",
    });
    expect(received).toEqual({
      name: "s",
      datasetGroupArn,
      performAutoML: true,
      solutionConfig: { algorithmHyperParameters: { hidden_dimension: "43" } },
    });
    const described = { SolutionArn: "arn:aws:personalize:us-east-1:000000000000:solution/s" };
    expect(await integration.call("personalize", "describeSolution", described, machine)).toEqual({
      Solution: {
        PerformAutoML: false,
        CreationDateTime: "2026-01-05T00:00:00.120Z",
        LastUpdatedDateTime: "2026-01-05T00:00:00Z",
        SolutionConfig: { AlgorithmHyperParameters: { hidden_dimension: "43" } },
      },
    });
  });

  it("carries S3's bodies as text: values written as JSON, streams read", async () => {
    const written: string[] = [];
    const integration = integrationOf("s3", {
      PutObject: (input: { Body: Uint8Array }) => {
        written.push(Buffer.from(input.Body).toString());
        return { ETag: '"e"' };
      },
      GetObject: () => ({ Body: Readable.from([Buffer.from('{"a":'), Buffer.from("1}")]), ContentLength: 7 }),
    });

    const target = { Bucket: "b", Key: "k" };
    await integration.call("s3", "putObject", { ...target, Body: "plain" }, machine);
    await integration.call("s3", "putObject", { ...target, Body: { lease: [1] } }, machine);
    expect(written).toEqual(["plain", '{"lease":[1]}']);
    const read = await integration.call("s3", "getObject", target, machine);
    expect(read).toEqual({ Body: '{"a":1}', ContentLength: 7 });
  });

  it("does not read bodies that no state may hold", async () => {
    const endless = () => ({
      Body: Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(65_536);
        })(),
      ),
    });
    const read = integrationOf("s3", { GetObject: endless }).call(
      "s3",
      "getObject",
      { Bucket: "b", Key: "k" },
      machine,
    );
    await expect(read).rejects.toMatchObject({ error: "States.DataLimitExceeded" });
  });

  it.each([
    {
      why: "a modelled exception",
      service: "personalize",
      id: "personalize" as ServiceId,
      action: "describeCampaign",
      parameters: { CampaignArn: "arn:aws:personalize:us-east-1:0:campaign/c" },
      thrown: new AwsError("ResourceNotFoundException", "Resource Arn X does not exist."),
      error: "Personalize.ResourceNotFoundException",
      cause: /^Resource Arn X does not exist\. \(Service: Personalize, Status Code: 400, Request ID: [0-9a-f-]{36}\)$/,
    },
    {
      why: "one that the SDK has no class for",
      service: "personalize",
      id: "personalize" as ServiceId,
      action: "listCampaigns",
      parameters: {},
      thrown: new AwsError("ThrottlingException", "Rate exceeded"),
      error: "Personalize.PersonalizeException",
      cause: /^Rate exceeded \(Service: Personalize, Status Code: 400/,
    },
    {
      why: "a name without the ending, of a service with another name",
      service: "sfn",
      id: "states" as ServiceId,
      action: "startExecution",
      parameters: { StateMachineArn: "arn:aws:states:x" },
      thrown: new AwsError("ExecutionAlreadyExists", "Execution Already Exists: 'x'"),
      error: "Sfn.ExecutionAlreadyExistsException",
      cause: /Service: Sfn, Status Code: 400/,
    },
    {
      why: "S3's, with the model's status",
      service: "s3",
      id: "s3" as ServiceId,
      action: "getObject",
      parameters: { Bucket: "b", Key: "k" },
      thrown: new AwsError("NoSuchKey", "The specified key does not exist.", { status: 404 }),
      error: "S3.NoSuchKeyException",
      cause: /^The specified key does not exist\. \(Service: S3, Status Code: 404/,
    },
    {
      why: "S3's without class",
      service: "s3",
      id: "s3" as ServiceId,
      action: "putObject",
      parameters: { Bucket: "b", Key: "k", IfNoneMatch: "*" },
      thrown: new AwsError("PreconditionFailed", "At least one of the pre-conditions", { status: 412 }),
      error: "S3.S3Exception",
      cause: /Service: S3, Status Code: 412/,
    },
    {
      why: "a code of the query protocol",
      service: "sns",
      id: "sns" as ServiceId,
      action: "publish",
      parameters: { Message: "m" },
      thrown: new AwsError("NotFound", "Topic does not exist", { status: 404 }),
      error: "Sns.NotFoundException",
      cause: /Service: Sns, Status Code: 404/,
    },
    {
      why: "a broken constraint",
      service: "personalize",
      id: "personalize" as ServiceId,
      action: "deleteCampaign",
      parameters: { CampaignArn: "no arn" },
      thrown: new Error("not reached"),
      error: "Personalize.InvalidInputException",
      cause: /^1 validation error detected: Value 'no arn' at 'campaignArn'/,
    },
  ])("reports $why", async ({ service, id, action, parameters, thrown, error, cause }) => {
    const operation = action.charAt(0).toUpperCase() + action.slice(1);
    const call = failing(id, operation, thrown).call(service, action, parameters, machine);
    await expect(call).rejects.toMatchObject({
      name: "SdkIntegrationError",
      error,
      cause: expect.stringMatching(cause),
    });
  });

  it.each([
    {
      service: "dynamodb",
      action: "getItem",
      cause: 'The AWS SDK integration "dynamodb" is not supported by this cloud',
    },
    { service: "personalize", action: "dance", cause: 'The action "dance" of the AWS SDK integration "personalize"' },
    { service: "constructor", action: "call", cause: 'The AWS SDK integration "constructor"' },
  ])("says clearly that $service:$action is not there", async ({ service, action, cause }) => {
    const call = integrationOf("personalize", {}).call(service, action, {}, machine);
    await expect(call).rejects.toMatchObject({ error: "States.Runtime", cause: expect.stringContaining(cause) });
  });

  it("refuses fields that the API does not have and misses those that it needs, as Step Functions does", async () => {
    const parameters = { Name: "c", solutionVersionArn: "arn", CampaignConfig: { Luck: 1 } };
    const call = integrationOf("personalize", { CreateCampaign: () => ({}) }).call(
      "personalize",
      "createCampaign",
      parameters,
      machine,
    );
    await expect(call).rejects.toMatchObject({
      error: "States.Runtime",
      cause:
        `The Parameters '${JSON.stringify(parameters)}' could not be used to start the Task: ` +
        '[The field "solutionVersionArn" is not supported by Step Functions, The field "Luck" is not supported by Step Functions, ' +
        'The field "SolutionVersionArn" is required but was missing]',
    });
  });

  it("reports bugs of ours as a service's failure, which a Retry may name", async () => {
    const bug = failing("personalize", "ListCampaigns", new TypeError("oops"));
    await expect(bug.call("personalize", "listCampaigns", {}, machine)).rejects.toMatchObject({
      error: "Personalize.PersonalizeException",
      cause: expect.stringMatching(/under request id .* \(Service: Personalize, Status Code: 500/),
    });
  });
});

describe("permissions", () => {
  const denyAll: Authorizer = {
    authorize: (caller, { action, resource }) => {
      throw new AccessDeniedException(caller.kind, action, resource);
    },
    assertAssumable: () => {},
  };

  it.each<{ id: ServiceId; operation: string; input: object; name: string; status: number }>([
    {
      id: "personalize",
      operation: "ListCampaigns",
      input: {},
      name: "AccessDeniedException",
      status: 400,
    },
    { id: "sns", operation: "ListTopics", input: {}, name: "AuthorizationError", status: 403 },
    { id: "lambda", operation: "ListFunctions", input: {}, name: "AccessDeniedException", status: 403 },
    { id: "s3", operation: "ListBuckets", input: {}, name: "AccessDenied", status: 403 },
  ])("are asked for before $id runs, and refused in its words", async ({ id, operation, input, name, status }) => {
    let ran = false;
    const services = new Map([[id, fakeService(id, { [operation]: () => (ran = true) })]]);
    const calls = createAwsCalls({ ...serviceDeps(), services, authorizer: denyAll });
    const call = calls.call(id, operation, input, machine);
    await expect(call).rejects.toMatchObject({ name, status });
    await expect(call).rejects.toThrow(`${id}:${operation}`);
    expect(ran).toBe(false);
  });

  it("are all needed that a call names", async () => {
    const asked: string[] = [];
    const service: AwsService = {
      ...fakeService("personalize", { ListCampaigns: () => ({}) }),
      access: () => [
        { action: "personalize:ListCampaigns", resource: "*" },
        { action: "iam:PassRole", resource: "role" },
      ],
    };
    const authorizer: Authorizer = { ...allowAll, authorize: (_, { action }) => void asked.push(action) };
    const calls = createAwsCalls({ ...serviceDeps(), services: new Map([["personalize", service]]), authorizer });
    await calls.call("personalize", "ListCampaigns", undefined, machine);
    expect(asked).toEqual(["personalize:ListCampaigns", "iam:PassRole"]);
  });
});
