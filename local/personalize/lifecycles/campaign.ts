/**
 * How a campaign comes to serve a solution version, first and by update.
 *
 * Invariants
 *   C1  A campaign, or an update of it, is ACTIVE only when its model is in memory: it is never served half-loaded.
 *   C2  While an update runs and after one that failed, the old version serves and the campaign's own status stays ACTIVE.
 */
import { solutionOf } from "../arns.ts";
import { change, find, those, type ControlPlane } from "../control-plane.ts";
import type { Rows } from "../model.ts";
import { creation, deletion, ended } from "./plain.ts";
import { dropUnservedModels, loadModel } from "./served-models.ts";
import type { Lifecycle } from "./transitions.ts";

export const campaignCreation = (plane: ControlPlane): Lifecycle => ({
  ...creation(plane, "campaign"),
  work: (arn) => loadModel(plane, find(plane, "campaign", arn).solutionVersionArn),
  afterwards: (arn) => followLatest(plane, arn),
});

export const campaignDeletion = (plane: ControlPlane): Lifecycle => ({
  ...deletion(plane, "campaign"),
  afterwards: () => dropUnservedModels(plane),
});

export function campaignUpdate(plane: ControlPlane): Lifecycle {
  const changeUpdate = (arn: string, changes: { status: string; failureReason?: string }) => {
    const campaign = find(plane, "campaign", arn);
    const update = { ...campaign.latestCampaignUpdate, ...changes, lastUpdatedDateTime: plane.clock.now() };
    plane.tables.campaign.put(arn, { ...campaign, latestCampaignUpdate: update });
  };
  return {
    enter: (arn) => changeUpdate(arn, { status: "CREATE IN_PROGRESS" }),
    work: (arn) => loadModel(plane, find(plane, "campaign", arn).latestCampaignUpdate?.solutionVersionArn ?? ""),
    settle: (arn, outcome) => {
      changeUpdate(arn, ended(outcome));
      if (outcome.kind === "succeeded") serveUpdate(plane, arn);
    },
    afterwards: (arn) => {
      dropUnservedModels(plane);
      followLatest(plane, arn);
    },
  };
}

/** The update's version and configuration become the campaign's own; a failed campaign is healed by it. */
function serveUpdate(plane: ControlPlane, arn: string): void {
  const campaign = find(plane, "campaign", arn);
  const { solutionVersionArn, minProvisionedTPS, campaignConfig } = campaign.latestCampaignUpdate ?? {};
  change(plane, "campaign", arn, {
    solutionVersionArn: solutionVersionArn ?? campaign.solutionVersionArn,
    minProvisionedTPS: minProvisionedTPS ?? campaign.minProvisionedTPS,
    campaignConfig: campaignConfig ?? campaign.campaignConfig,
    status: "ACTIVE",
    failureReason: undefined,
  });
}

/** Puts an update and starts it; the caller commits. */
export function beginCampaignUpdate(
  plane: ControlPlane,
  campaign: Rows["campaign"],
  update: Pick<Rows["campaign"], "solutionVersionArn" | "minProvisionedTPS" | "campaignConfig">,
): void {
  const now = plane.clock.now();
  plane.tables.campaign.put(campaign.campaignArn, {
    ...campaign,
    latestCampaignUpdate: { ...update, status: "CREATE PENDING", creationDateTime: now, lastUpdatedDateTime: now },
  });
  plane.transitions.begin("campaign.update", campaign.campaignArn);
}

/** Campaigns that follow the solution's latest version take the new one; the caller commits. */
export function syncCampaigns(plane: ControlPlane, versionArn: string): void {
  const { solutionArn } = find(plane, "solutionVersion", versionArn);
  for (const row of those(plane, "campaign", (row) => solutionOf(row.solutionVersionArn) === solutionArn)) {
    followLatest(plane, row.campaignArn);
  }
}

/** Starts an update when the campaign follows the latest version and has not tried it; it may have been busy before. */
export function followLatest(plane: ControlPlane, campaignArn: string): void {
  const campaign = plane.tables.campaign.get(campaignArn);
  if (campaign?.campaignConfig?.syncWithLatestSolutionVersion !== true || campaign.status !== "ACTIVE") return;
  if (plane.transitions.isUnderWay("campaign.update", campaignArn)) return;
  const solutionArn = solutionOf(campaign.solutionVersionArn);
  const newest = newestActiveVersion(plane, solutionArn)?.solutionVersionArn;
  const tried = [campaign.solutionVersionArn, campaign.latestCampaignUpdate?.solutionVersionArn];
  if (newest === undefined || tried.includes(newest)) return;
  const { minProvisionedTPS, campaignConfig } = campaign;
  beginCampaignUpdate(plane, campaign, { solutionVersionArn: newest, minProvisionedTPS, campaignConfig });
}

export const newestActiveVersion = (plane: ControlPlane, solutionArn: string) =>
  those(plane, "solutionVersion", (row) => row.solutionArn === solutionArn && row.status === "ACTIVE").at(-1);
