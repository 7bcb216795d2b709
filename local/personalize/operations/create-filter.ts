/** Makes a filter whose expression has been parsed, so that a wrong one is refused here and not per request. */
import type { CreateFilterRequest, CreateFilterResponse } from "@aws-sdk/client-personalize";
import { bear, born, findActive, freeArn, those, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, LimitExceededException, tooManyResources } from "../errors.ts";
import { schemaOf } from "../events/datasets.ts";
import { columnFault, distinctFields } from "../filters/check-columns.ts";
import type { Filter } from "../filters/filter-expression.ts";
import { parseFilter } from "../filters/parse-filter.ts";
import type { Checked } from "../model.ts";

export const createFilter =
  (plane: ControlPlane) =>
  async (input: Checked<CreateFilterRequest>): Promise<CreateFilterResponse> => {
    const { name, datasetGroupArn, filterExpression, tags } = input;
    const parsed = parseFilter(filterExpression);
    if (parsed.kind === "invalid") throw new InvalidInputException(`Could not create filter. ${parsed.fault}`);
    findActive(plane, "datasetGroup", datasetGroupArn);
    assertFieldsFit(plane, datasetGroupArn, parsed.filter);
    const filterArn = freeArn(plane, "filter", name);
    const quota = plane.settings.quotas.filtersPerDatasetGroup;
    if (those(plane, "filter", (row) => row.datasetGroupArn === datasetGroupArn).length >= quota) {
      throw tooManyResources("a filter", quota);
    }
    const row = { name, filterArn, datasetGroupArn, filterExpression, status: "CREATE PENDING", ...born(plane) };
    await bear(plane, "filter", row, tags);
    return { filterArn };
  };

const invalid = (fault: string) => new InvalidInputException(`Could not create filter. Invalid Expression: ${fault}.`);

/** The columns are there and may be filtered by, and the group's filters do not look at too many. */
function assertFieldsFit(plane: ControlPlane, datasetGroupArn: string, filter: Filter): void {
  const datasets = those(plane, "dataset", (row) => row.datasetGroupArn === datasetGroupArn);
  const schemas = datasets.map((row) => [row.datasetType, plane.schemas(schemaOf(plane, row))] as const);
  const fault = columnFault(filter, Object.fromEntries(schemas));
  if (fault !== undefined) throw invalid(fault);
  const others = those(plane, "filter", (row) => row.datasetGroupArn === datasetGroupArn).flatMap((row) => {
    const parsed = parseFilter(row.filterExpression);
    return parsed.kind === "valid" ? [...distinctFields(parsed.filter)] : [];
  });
  const fields = new Set([...others, ...distinctFields(filter)]);
  const quota = plane.settings.quotas.filterFieldsPerDatasetGroup;
  if (fields.size > quota) {
    throw new LimitExceededException(
      `The filters of ${datasetGroupArn} would look at ${fields.size} different fields; at most ${quota} are allowed.`,
    );
  }
}
