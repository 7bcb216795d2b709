/** All dataset groups of the account. */
import type {
  DatasetGroupSummary,
  ListDatasetGroupsRequest,
  ListDatasetGroupsResponse,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listDatasetGroups =
  (plane: ControlPlane) =>
  (input: ListDatasetGroupsRequest): ListDatasetGroupsResponse => {
    const { items, nextToken } = listRows<"datasetGroup", DatasetGroupSummary>(plane, "datasetGroup", {
      ...input,
      members: [
        "name",
        "datasetGroupArn",
        "status",
        "creationDateTime",
        "lastUpdatedDateTime",
        "failureReason",
        "domain",
      ],
    });
    return { datasetGroups: items, nextToken };
  };
