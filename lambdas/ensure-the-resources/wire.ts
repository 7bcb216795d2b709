/** Real clients for the handler. */
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { makeHandler } from "./handler.ts";
import { makePersonalizeResources } from "./personalize-resources.ts";

export const handler = makeHandler({ resources: makePersonalizeResources(new PersonalizeClient({})) });
