/** `arn:aws:states:::aws-sdk:<service>:<action>`: the port does the work; here only its failures are read. */
import type { Json } from "../json.ts";
import type { Integration } from "./integration.ts";
import { succeeded } from "./task-error.ts";

export const awsSdk =
  (service: string, action: string): Integration =>
  async ({ parameters, caller }, { sdk }) => {
    try {
      return succeeded(((await sdk.call(service, action, parameters, caller)) ?? {}) as Json);
    } catch (thrown) {
      const { name, message } = thrown as Error;
      // The port names service errors `<Service>.<Exception>`; anything else is a bug and goes on untouched.
      if (!name?.includes(".")) throw thrown;
      return { kind: "failed", error: name, cause: message };
    }
  };
