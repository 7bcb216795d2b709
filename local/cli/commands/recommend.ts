/** `outrank recommend`: what a campaign shows a user, with titles where the items have them. */
import { paginateListCampaigns } from "@aws-sdk/client-personalize";
import { GetRecommendationsCommand } from "@aws-sdk/client-personalize-runtime";
import { type Command, CommandFailure, UsageError } from "../command.ts";
import { connect, type Connection, endpointOption } from "../connection.ts";
import { titlesInBucket } from "../data/titles.ts";
import { table } from "../view/table.ts";

export const recommend: Command = {
  summary: "ask a campaign for recommendations",
  options: {
    user: { type: "string", value: "ID", help: "the user to recommend for (required)" },
    campaign: { type: "string", value: "NAME", help: "the campaign, needed where there are several" },
    count: { type: "string", value: "N", default: "10", help: "how many" },
    ...endpointOption,
  },
  async run(args, io) {
    const userId = args.text("user");
    if (userId === undefined || userId === "") throw new UsageError("Which user? Add --user ID");
    const numResults = args.number("count", { min: 1, max: 500 });
    const connection = await connect(args, io);
    try {
      const campaignArn = await campaignNamed(connection, args.text("campaign"));
      const { itemList = [] } = await connection.runtime.send(
        new GetRecommendationsCommand({ campaignArn, userId, numResults }),
      );
      const group = connection.deployed.groups.find(({ name }) => campaignArn.includes(`-${name}-`));
      const names = await titlesInBucket(connection.s3, connection.deployed.bucket, group?.name ?? "");
      const rows = itemList.map(({ itemId = "", score }, index) => [
        String(index + 1),
        itemId,
        names.nameOf(itemId) === itemId ? "" : names.nameOf(itemId),
        score === undefined ? "" : score.toFixed(7),
      ]);
      table([["", "item", "title", "score"], ...rows], { right: [0, 3] }).forEach((line) => io.out(line));
      return 0;
    } finally {
      connection.close();
    }
  },
};

async function campaignNamed({ personalize }: Connection, name: string | undefined): Promise<string> {
  const campaigns: { name: string; arn: string }[] = [];
  for await (const page of paginateListCampaigns({ client: personalize }, {})) {
    for (const { name: given = "", campaignArn = "" } of page.campaigns ?? [])
      campaigns.push({ name: given, arn: campaignArn });
  }
  const names = campaigns.map((campaign) => campaign.name).join(", ");
  if (campaigns.length === 0)
    throw new CommandFailure("There is no campaign yet: no run has promoted a version. See: npx outrank runs");
  const found = name === undefined ? campaigns : campaigns.filter((campaign) => campaign.name === name);
  const [only, ...others] = found;
  if (!only) throw new UsageError(`There is no campaign "${name}". There are: ${names}`);
  if (others.length > 0) throw new UsageError(`Which campaign? Add --campaign with one of: ${names}`);
  return only.arn;
}
