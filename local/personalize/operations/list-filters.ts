/** The filters of a group, or all; the one list whose result key is capitalised. */
import type { FilterSummary, ListFiltersRequest, ListFiltersResponse } from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listFilters =
  (plane: ControlPlane) =>
  (input: ListFiltersRequest): ListFiltersResponse => {
    const { items, nextToken } = listRows<"filter", FilterSummary>(plane, "filter", {
      ...input,
      filter: input.datasetGroupArn,
      where: (row) => row.datasetGroupArn === input.datasetGroupArn,
      members: [
        "name",
        "filterArn",
        "creationDateTime",
        "lastUpdatedDateTime",
        "datasetGroupArn",
        "failureReason",
        "status",
      ],
    });
    return { Filters: items, nextToken };
  };
