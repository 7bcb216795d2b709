/** Real clients for the handler. */
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";
import { makePersonalizeResources } from "./personalize-resources.ts";

export const handler = logged(
  "ensure-the-resources",
  makeHandler({ resources: makePersonalizeResources(new PersonalizeClient({})) }),
);
