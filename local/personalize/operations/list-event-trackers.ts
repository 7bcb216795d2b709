/** The event trackers of a group, or all. Only DescribeEventTracker tells the tracking id. */
import type {
  EventTrackerSummary,
  ListEventTrackersRequest,
  ListEventTrackersResponse,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listEventTrackers =
  (plane: ControlPlane) =>
  (input: ListEventTrackersRequest): ListEventTrackersResponse => {
    const { items, nextToken } = listRows<"eventTracker", EventTrackerSummary>(plane, "eventTracker", {
      ...input,
      filter: input.datasetGroupArn,
      where: (row) => row.datasetGroupArn === input.datasetGroupArn,
      members: ["name", "eventTrackerArn", "status", "creationDateTime", "lastUpdatedDateTime"],
    });
    return { eventTrackers: items, nextToken };
  };
