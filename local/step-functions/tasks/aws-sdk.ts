/** `arn:aws:states:::aws-sdk:<service>:<action>`: the port does the work; here only its failures are read. */
import type { Json } from "../json.ts";
import type { Integration } from "./integration.ts";
import { succeeded } from "./task-error.ts";

/** The port's SdkIntegrationError: what Retry and Catch match, and what a person reads. Anything else is a bug of ours. */
const isIntegrationFailure = (thrown: unknown): thrown is { readonly error: string; readonly cause: string } =>
  thrown instanceof Error && "error" in thrown && typeof thrown.error === "string" && typeof thrown.cause === "string";

export const awsSdk =
  (service: string, action: string): Integration =>
  async ({ parameters, caller }, { sdk }) => {
    try {
      return succeeded(((await sdk.call(service, action, parameters, caller)) ?? {}) as Json);
    } catch (thrown) {
      if (!isIntegrationFailure(thrown)) throw thrown;
      return { kind: "failed", error: thrown.error, cause: thrown.cause };
    }
  };
