/** Which folders of the bucket Personalize itself comes to, given what a group configures. */
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { attributionPrefix, batchOutputsPrefix, stagingPrefix } from "../../pipeline/naming/bucket-layout.ts";

/** Where Personalize reads for a group: its uploads, and where a part of them is staged. */
export const readPrefixes = ({ name, datasets }: DatasetGroup): string[] => {
  const adds = Object.values(datasets).some((dataset) => dataset?.importMode === "INCREMENTAL");
  return [`${name}/`, ...(adds ? [stagingPrefix(name, "")] : [])];
};

/** Where Personalize writes for a group; most have nothing of the kind. */
export const writtenPrefixes = ({ name, followUp }: DatasetGroup): string[] => {
  const hasJobs = followUp.batchInference.length + followUp.batchSegments.length > 0;
  const hasReports = followUp.metricAttribution?.toBucket === true;
  return [...(hasJobs ? [batchOutputsPrefix(name)] : []), ...(hasReports ? [attributionPrefix(name)] : [])];
};
