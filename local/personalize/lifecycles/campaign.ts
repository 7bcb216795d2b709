/**
 * How a campaign comes to serve a solution version, first and by update.
 *
 * Invariants
 *   C1  A campaign, or an update of it, is ACTIVE only when its model is in memory: it is never served half-loaded.
 *   C2  While an update runs and after one that failed, the old version serves and the campaign's own status stays ACTIVE.
 */
import { change, find, those, type ControlPlane } from "../control-plane.ts";
import type { Rows } from "../model.ts";
import { creation, deletion, ended } from "./plain.ts";
import type { Lifecycle, WorkOutcome } from "./transitions.ts";

export const campaignCreation = (plane: ControlPlane): Lifecycle => ({
  ...creation(plane, "campaign"),
  work: (arn) => loadModel(plane, find(plane, "campaign", arn).solutionVersionArn),
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
    afterwards: () => dropUnservedModels(plane),
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
  const following = those(
    plane,
    "campaign",
    (row) =>
      row.campaignConfig?.syncWithLatestSolutionVersion === true &&
      row.solutionVersionArn.startsWith(`${solutionArn}/`) &&
      row.status === "ACTIVE" &&
      !plane.transitions.isUnderWay("campaign.update", row.campaignArn),
  );
  for (const campaign of following) {
    const { minProvisionedTPS, campaignConfig } = campaign;
    beginCampaignUpdate(plane, campaign, { solutionVersionArn: versionArn, minProvisionedTPS, campaignConfig });
  }
}

async function loadModel(plane: ControlPlane, versionArn: string): Promise<WorkOutcome> {
  try {
    await plane.models.get(versionArn);
    return { kind: "succeeded" };
  } catch (error) {
    plane.log(`personalize: loading ${versionArn}: ${String((error as Error).stack ?? error)}`);
    return {
      kind: "failed",
      failureReason: `The model of ${versionArn} cannot be loaded: ${(error as Error).message}`,
    };
  }
}

function dropUnservedModels(plane: ControlPlane): void {
  const served = [...plane.tables.campaign.values()].flatMap((row) =>
    plane.transitions.isUnderWay("campaign.update", row.campaignArn) && row.latestCampaignUpdate?.solutionVersionArn
      ? [row.solutionVersionArn, row.latestCampaignUpdate.solutionVersionArn]
      : [row.solutionVersionArn],
  );
  plane.models.keepOnly(new Set(served));
}
