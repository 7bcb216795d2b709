/** Real clients for the handler. */
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { makeHandler } from "./handler.ts";

const client = new PersonalizeRuntimeClient({});

export const handler = makeHandler({
  async recommend(campaignArn, userId) {
    const { itemList } = await client.send(new GetRecommendationsCommand({ campaignArn, userId }));
    return (itemList ?? []).map((item) => item.itemId ?? "");
  },
});
