/** Lambda, by `lambda:invoke` and by a function's ARN as Resource: what the function returned, or threw (fact 23). */
import type { InvocationResponse } from "@aws-sdk/client-lambda";
import type { CallOutcome } from "../interpreter/signal.ts";
import { isObject, textOf, type Json } from "../json.ts";
import type { CallRequest, Integration, IntegrationDeps } from "./integration.ts";
import { serviceFailure, succeeded } from "./task-error.ts";

interface Answer {
  readonly response: InvocationResponse;
  readonly payload: Json;
}

async function invoke(parameters: object, { attempt, caller }: CallRequest, { calls }: IntegrationDeps) {
  try {
    const response = (await calls.call("lambda", "Invoke", parameters, caller)) as InvocationResponse;
    const text = Buffer.from(response.Payload ?? new Uint8Array()).toString("utf8");
    if (response.FunctionError === undefined) return { response, payload: parsed(text) } satisfies Answer;
    return functionFailure(text);
  } catch (thrown) {
    return serviceFailure(thrown, { prefix: "Lambda", service: "AWSLambda" }, attempt);
  }
}

function parsed(text: string): Json {
  return text === "" ? null : (JSON.parse(text) as Json);
}

/** The error's name is the payload's errorType; its cause is the payload's text as it is. */
function functionFailure(text: string): CallOutcome {
  const payload = parsed(text);
  const type = isObject(payload) ? payload["errorType"] : undefined;
  return { kind: "failed", error: typeof type === "string" ? type : "Lambda.Unknown", cause: text };
}

const bytes = (payload: Json) => Buffer.from(textOf(payload), "utf8");

/** `arn:aws:states:::lambda:invoke`: FunctionName, Payload and the API's other parameters. */
export const lambdaInvoke: Integration = async (request, deps) => {
  const { Payload = {}, ...rest } = isObject(request.parameters) ? request.parameters : {};
  const answer = await invoke({ InvocationType: "RequestResponse", ...rest, Payload: bytes(Payload) }, request, deps);
  if ("kind" in answer) return answer;
  const { ExecutedVersion = "$LATEST", StatusCode = 200 } = answer.response;
  return succeeded({ ExecutedVersion, Payload: answer.payload, StatusCode });
};

/** A function's ARN as Resource: the payload goes in and out bare. */
export const lambdaFunction =
  (arn: string): Integration =>
  async (request, deps) => {
    const parameters = {
      FunctionName: arn,
      InvocationType: "RequestResponse",
      Payload: bytes(request.parameters),
    };
    const answer = await invoke(parameters, request, deps);
    return "kind" in answer ? answer : succeeded(answer.payload);
  };
