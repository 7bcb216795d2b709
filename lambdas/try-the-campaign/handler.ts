/**
 * Asks the campaign for known users, as an application would, and lets the domain judge the lists. Whom to ask for comes
 * from the configuration, else from what the last data check left in the bucket: no id of a user is in an execution.
 */
import * as z from "zod";
import { judgeTrial, Known, type Trial, TrialTerms } from "../../pipeline/gate/judge-trial.ts";
import { knownKey } from "../../pipeline/naming/bucket-layout.ts";
import type { Bucket } from "../lib/bucket.ts";

const Input = z.object({
  ...TrialTerms.shape,
  group: z.string(),
  campaignArn: z.string(),
  userIds: z.array(z.string()),
});

export interface TryTheCampaignDeps {
  readonly bucket: Pick<Bucket, "read">;
  /** Item ids, best first. */
  readonly recommend: (campaignArn: string, userId: string) => Promise<string[]>;
}

export const makeHandler =
  ({ bucket, recommend }: TryTheCampaignDeps) =>
  async (event: unknown): Promise<Trial> => {
    const { group, campaignArn, userIds, ...terms } = Input.parse(event);
    const known = Known.safeParse((await bucket.read(knownKey(group)))?.value).data ?? { users: [], popular: [] };
    const users = userIds.length > 0 ? userIds : known.users;
    const lists = await Promise.all(users.map((userId) => recommend(campaignArn, userId)));
    return judgeTrial(lists, terms, known.popular);
  };
