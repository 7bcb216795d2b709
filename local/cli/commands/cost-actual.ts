/** `outrank cost --actual`: what the calls that a running embedded cloud has answered would have cost on AWS. */
import { type ActualCost, actualCost, Metered } from "../../../pipeline/cost/actual-cost.ts";
import { priceRegion, type Prices } from "../../../pipeline/cost/prices.ts";
import { type Arguments, CommandFailure, type Io, UsageError } from "../command.ts";
import { askEmbedded } from "../connection.ts";
import { actualCostText } from "../view/actual-cost-text.ts";

export interface ActualReport extends ActualCost {
  readonly pricesOf: string;
  readonly region: string;
}

export async function tellActualCost(
  args: Arguments,
  io: Io,
  { prices, date }: { readonly prices: Prices; readonly date: string },
): Promise<number> {
  if (args.text("outputs") !== undefined) {
    throw new CommandFailure(
      "AWS does not tell by call what it bills: look at Cost Explorer, by the tags of the stack. --actual is for the embedded cloud",
    );
  }
  const metered = Metered.parse(await askEmbedded(args, io, "/_outrank/meter"));
  const [group, since] = [args.text("group"), sinceAsked(args)];
  const cost = actualCost(metered, {
    ...{ prices, measuredHours: args.flag("measured-hours") },
    ...(group === undefined ? {} : { group }),
    ...(since === undefined ? {} : { since }),
  });
  const report: ActualReport = { ...cost, pricesOf: date, region: priceRegion };
  if (args.flag("json")) io.out(JSON.stringify(report));
  else actualCostText(cost, { prices, date, region: priceRegion }).forEach((line) => io.out(line));
  return 0;
}

function sinceAsked(args: Arguments): number | undefined {
  const text = args.text("since");
  if (text === undefined) return undefined;
  const since = Date.parse(text);
  if (!Number.isNaN(since)) return since;
  throw new UsageError(`--since wants a date or time such as 2026-11-24 or 2026-11-24T12:00Z, got "${text}"`);
}
