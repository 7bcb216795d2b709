/** How resources are described, when they are at rest, and in which order they go. Pure. */
interface Kind {
  readonly segment: string;
  readonly noun: string;
  /** Place in the order of deletion; jobs cannot be deleted. */
  readonly goes?: number;
}

const kinds: readonly Kind[] = [
  { segment: "campaign", noun: "Campaign", goes: 1 },
  { segment: "recommender", noun: "Recommender", goes: 2 },
  { segment: "solution", noun: "Solution", goes: 3 },
  { segment: "event-tracker", noun: "EventTracker", goes: 4 },
  { segment: "metric-attribution", noun: "MetricAttribution", goes: 5 },
  { segment: "filter", noun: "Filter", goes: 6 },
  { segment: "dataset", noun: "Dataset", goes: 7 },
  { segment: "dataset-group", noun: "DatasetGroup", goes: 8 },
  { segment: "schema", noun: "Schema", goes: 9 },
  { segment: "dataset-import-job", noun: "DatasetImportJob" },
  { segment: "dataset-export-job", noun: "DatasetExportJob" },
  { segment: "data-deletion-job", noun: "DataDeletionJob" },
  { segment: "batch-inference-job", noun: "BatchInferenceJob" },
  { segment: "batch-segment-job", noun: "BatchSegmentJob" },
];

const lowered = (noun: string) => noun.charAt(0).toLowerCase() + noun.slice(1);

/** Solution versions are solutions with one part more. */
function kindOf(arn: string): Kind | undefined {
  const [segment, , part] = (arn.split(":")[5] ?? "").split("/");
  if (segment === "solution" && part !== undefined) return { segment, noun: "SolutionVersion" };
  return kinds.find((kind) => kind.segment === segment);
}

export function describing(arn: string) {
  const kind = kindOf(arn);
  if (!kind) return undefined;
  const member = lowered(kind.noun);
  return { operation: `Describe${kind.noun}`, member, input: { [`${member}Arn`]: arn } };
}

/** A schema has no status. */
export const isResting = (status: string | undefined): boolean =>
  status === undefined || !/PENDING|IN_PROGRESS|IN PROGRESS|STOPPING/.test(status);

export function teardownOrder(created: readonly string[]) {
  return kinds
    .filter(({ goes }) => goes !== undefined)
    .sort((a, b) => (a.goes ?? 0) - (b.goes ?? 0))
    .map(({ noun }) => ({
      operation: `Delete${noun}`,
      member: `${lowered(noun)}Arn`,
      arns: created.filter((arn) => kindOf(arn)?.noun === noun),
    }))
    .filter(({ arns }) => arns.length > 0);
}
