/**
 * The parameter file of the AWS Solution "Maintaining Personalized Experiences with Machine Learning" as an outrank.json.
 * Pure. What has a counterpart is carried over; each other value is answered with its path and the reason.
 */
import { checkConfig } from "./check-config.ts";
import { fitName } from "./fit-name.ts";
import { datasetsFrom, tagsFrom, trackerFrom } from "./solution-data.ts";
import { filtersFrom, jobsFrom, recommendersFrom } from "./solution-follow-up.ts";
import { schedulesFrom } from "./solution-schedules.ts";
import { type Candidate, candidatesFrom } from "./solution-solutions.ts";
import { createSource, type Remark, type Source } from "./source.ts";

export interface Converted {
  /** An outrank.json as somebody would write it: defaults left out. */
  readonly config: object;
  readonly remarks: readonly Remark[];
  /** What `config check` says of it; empty but for files that have no counterpart at all. */
  readonly faults: readonly string[];
}

const project = "outrank";
/** Project, hyphen and group together have 32. */
const longestGroup = 31 - project.length;

export function fromSolution(raw: unknown): Converted {
  const { root, remarks } = createSource(raw);
  const tags = tagsFrom(root.member("tags"));
  const group = groupFrom(root);
  const config = { project, ...(tags === undefined ? {} : { tags }), datasetGroups: [group] };
  const { faults } = checkConfig(config, () => undefined);
  return { config, remarks: remarks(), faults };
}

function groupFrom(root: Source): object {
  const head = headFrom(root.member("datasetGroup"));
  const candidates = candidatesFrom(root.member("solutions"));
  const eventTracker = trackerFrom(root.member("eventTracker"));
  const filters = filtersFrom(root.member("filters"));
  const recommenders = recommendersFrom(root.member("recommenders"), head.domain);
  const jobs = jobsFrom(root.member("solutions"), candidates, filters);
  const followUp = Object.entries({
    ...{ filters: filters.filters, recommenders },
    ...{ batchInference: jobs.batchInference, batchSegments: jobs.batchSegments },
  }).filter(([, list]) => list.length > 0);
  return {
    ...head,
    datasets: datasetsFrom(root.member("datasets")),
    solutions: candidates.map(({ solution }) => solution),
    ...(eventTracker ? { eventTracker } : {}),
    ...schedulesFrom({
      imports: root.member("datasetGroup").member("workflowConfig").member("schedules").member("import"),
      ...trainingSchedules(candidates),
      ...{ batch: jobs.schedules, eventTracker },
    }),
    ...(followUp.length === 0 ? {} : { followUp: Object.fromEntries(followUp) }),
  };
}

/** The service's own automatic training counts as a schedule of full training. */
function trainingSchedules(candidates: readonly Candidate[]): { full: Source[]; update: Source[] } {
  const schedules = candidates.map(({ source }) => source.member("workflowConfig").member("schedules"));
  const automatic = candidates
    .map(({ source }) => source.member("serviceConfig"))
    .filter((service) => service.member("performAutoTraining").value === true)
    .map((service) => service.member("solutionConfig").member("autoTrainingConfig").member("schedulingExpression"));
  const updates = candidates
    .filter(({ solution }) => solution["trainingMode"] === "UPDATE")
    .map(({ source }) => source);
  const ofUpdates = updates.map((source) => source.member("workflowConfig").member("schedules").member("update"));
  const update = ofUpdates.filter(({ value }) => value !== undefined);
  const full = [...schedules.map((one) => one.member("full")), ...automatic].filter(({ value }) => value !== undefined);
  // Behind updates the full schedules are days in fullTrainingDays, as each solution has said.
  return { full: update.length > 0 ? [] : full, update };
}

function headFrom(source: Source): { name: string; domain?: string; tags?: object } {
  const service = source.member("serviceConfig");
  const domain = service.member("domain").text();
  const key = "one key locks everything of the stack: name it as $.encryption.customerKey";
  service.member("kmsKeyArn").leave(key);
  service.member("roleArn").leave(key);
  source.member("workflowConfig").member("maxAge").leave("data are imported when files changed, not by age");
  const tags = tagsFrom(service.member("tags"));
  const wished = service.member("name").text() ?? "group";
  const fitted = fitName(wished, longestGroup, new Set(["outrank"]));
  service.member("name").changed(`a new dataset group, ${project}-${fitted}, beside the old one`);
  return { name: fitted, ...(domain === undefined ? {} : { domain }), ...(tags === undefined ? {} : { tags }) };
}
