/** Real clients for the handler. */
import {
  GetRecommendationsCommand,
  PersonalizeRuntimeClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-personalize-runtime";
import * as z from "zod";
import { readEnvironment } from "../lib/environment.ts";
import { HttpProblem } from "../lib/http.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(z.object({ CAMPAIGNS: z.string(), FILTERS: z.string() }));
const Names = z.record(z.string(), z.string());
const client = new PersonalizeRuntimeClient({});

export const handler = logged(
  "recommend",
  makeHandler({
    campaigns: Names.parse(JSON.parse(env.CAMPAIGNS)),
    filters: Names.parse(JSON.parse(env.FILTERS)),
    async recommend({ campaignArn, userId, numResults, filterArn, filterValues }) {
      const filter = filterArn === null ? {} : { filterArn, filterValues };
      const request = new GetRecommendationsCommand({ campaignArn, userId, numResults, ...filter });
      const answer = await client.send(request).catch((error: unknown) => {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        throw new HttpProblem(404, "NotFound", `${error.message} A first run makes the campaign; has one ended well?`);
      });
      const items = (answer.itemList ?? []).map(({ itemId = "", score = null }) => ({ itemId, score }));
      return { recommendationId: answer.recommendationId ?? "", items };
    },
  }),
);
