/** The datasets of a group, or all. */
import type { DatasetSummary, ListDatasetsRequest, ListDatasetsResponse } from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listDatasets =
  (plane: ControlPlane) =>
  (input: ListDatasetsRequest): ListDatasetsResponse => {
    const { items, nextToken } = listRows<"dataset", DatasetSummary>(plane, "dataset", {
      ...input,
      filter: input.datasetGroupArn,
      where: (row) => row.datasetGroupArn === input.datasetGroupArn,
      members: ["name", "datasetArn", "datasetType", "status", "creationDateTime", "lastUpdatedDateTime"],
    });
    return { datasets: items, nextToken };
  };
