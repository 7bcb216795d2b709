/** Real clients for the handler. */
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { makeHandler } from "./handler.ts";
import { makeSurroundings } from "./personalize-surroundings.ts";

export const handler = makeHandler({ surroundings: makeSurroundings(new PersonalizeClient({})) });
