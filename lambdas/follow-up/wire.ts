/** Real clients for the handler. */
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";
import { makeSurroundings } from "./personalize-surroundings.ts";

export const handler = logged("follow-up", makeHandler({ surroundings: makeSurroundings(new PersonalizeClient({})) }));
