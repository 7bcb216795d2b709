/** Makes a filter whose expression has been parsed, so that a wrong one is refused here and not per request. */
import type { CreateFilterRequest, CreateFilterResponse } from "@aws-sdk/client-personalize";
import { bear, born, findActive, freeArn, those, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, tooManyResources } from "../errors.ts";
import { parseFilter } from "../filters/parse-filter.ts";
import type { Checked } from "../model.ts";

export const createFilter =
  (plane: ControlPlane) =>
  async (input: Checked<CreateFilterRequest>): Promise<CreateFilterResponse> => {
    const { name, datasetGroupArn, filterExpression, tags } = input;
    const parsed = parseFilter(filterExpression);
    if (parsed.kind === "invalid") throw new InvalidInputException(`Could not create filter. ${parsed.fault}`);
    findActive(plane, "datasetGroup", datasetGroupArn);
    const filterArn = freeArn(plane, "filter", name);
    const quota = plane.settings.quotas.filtersPerDatasetGroup;
    if (those(plane, "filter", (row) => row.datasetGroupArn === datasetGroupArn).length >= quota) {
      throw tooManyResources("a filter", quota);
    }
    const row = { name, filterArn, datasetGroupArn, filterExpression, status: "CREATE PENDING", ...born(plane) };
    await bear(plane, "filter", row, tags);
    return { filterArn };
  };
