/** Asks the campaign for known users, as an application would, and lets the domain judge the lists. */
import * as z from "zod";
import { judgeTrial, type Trial } from "../../pipeline/gate/judge-trial.ts";

const Input = z.object({
  campaignArn: z.string(),
  userIds: z.array(z.string()),
  minItems: z.number(),
  mustDiffer: z.boolean(),
});

export interface TryTheCampaignDeps {
  /** Item ids, best first. */
  readonly recommend: (campaignArn: string, userId: string) => Promise<string[]>;
}

export const makeHandler =
  ({ recommend }: TryTheCampaignDeps) =>
  async (event: unknown): Promise<Trial> => {
    const { campaignArn, userIds, ...terms } = Input.parse(event);
    const lists = await Promise.all(userIds.map((userId) => recommend(campaignArn, userId)));
    return judgeTrial(lists, terms);
  };
