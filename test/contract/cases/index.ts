/** The whole contract, in the parts that are run side by side. */
import type { Contract } from "../contract.ts";
import { datasetGroups, datasets, trackersAndFilters } from "./containers.ts";
import { recommendations, sentRecords } from "./data.ts";
import { metricAttributions, recommenders } from "./domains.ts";
import { batchJobs, datasetJobs } from "./jobs.ts";
import { campaigns, solutions, versions } from "./models.ts";
import { describes, listings } from "./reads.ts";
import { tags } from "./tags.ts";

export const containers: Contract = { ...datasetGroups, ...datasets, ...trackersAndFilters, ...tags };
export const models: Contract = { ...solutions, ...versions, ...campaigns, ...recommenders, ...metricAttributions };
export const dataPlane: Contract = { ...datasetJobs, ...batchJobs, ...recommendations, ...sentRecords };
export const reads: Contract = { ...describes, ...listings };

export const contract: Contract = { ...containers, ...models, ...dataPlane, ...reads };
