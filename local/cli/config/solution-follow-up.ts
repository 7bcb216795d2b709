/** Filters, recommenders and batch jobs of the parameter file: what is tended after the campaigns. */
import { nameFrom, fitName } from "./fit-name.ts";
import { leaveTags } from "./solution-data.ts";
import { type Candidate, isForSegments, recipeOf } from "./solution-solutions.ts";
import type { Source } from "./source.ts";

export interface Filters {
  readonly filters: readonly { readonly name: string; readonly expression: string }[];
  /** The name in outrank.json of a filter in the file. */
  readonly named: ReadonlyMap<string, string>;
}

const longest = 20;

export function filtersFrom(source: Source): Filters {
  const used = new Set<string>();
  const named = new Map<string, string>();
  const filters = source.elements().flatMap((one) => {
    const service = one.member("serviceConfig");
    leaveTags(service.member("tags"));
    const expression = service.member("filterExpression").text();
    if (expression === undefined) {
      one.leave("it has no expression");
      return [];
    }
    const wished = service.member("name").peek() ?? "filter";
    const name = nameFrom(service.member("name"), longest, used, "filter");
    named.set(wished, name);
    return [{ name, expression }];
  });
  return { filters, named };
}

export function recommendersFrom(source: Source, domain: unknown): object[] {
  const used = new Set<string>();
  return source.elements().flatMap((one) => {
    if (domain === undefined) {
      one.leave("recommenders need a group with a domain");
      return [];
    }
    const service = one.member("serviceConfig");
    leaveTags(service.member("tags"));
    const recipe = service
      .member("recipeArn")
      .text()
      ?.replace(/^.*recipe\//, "");
    const config = service.member("recommenderConfig");
    const floor = config.member("minRecommendationRequestsPerSecond").number();
    config.member("trainingDataConfig").leave("recommenders train on all columns here");
    const members = ["itemExplorationConfig", "enableMetadataWithRecommendations"].flatMap((name) => {
      const value = config.member(name).take();
      return value === undefined ? [] : [[name, value] as const];
    });
    return [
      {
        ...{ name: nameFrom(service.member("name"), longest, used, "recommender"), recipe },
        ...(floor === undefined || floor === 1 ? {} : { minRecommendationRequestsPerSecond: floor }),
        ...Object.fromEntries(members),
      },
    ];
  });
}

interface JobsOf {
  readonly list: "batchInferenceJobs" | "batchSegmentJobs";
  readonly config: string;
  readonly filters: Filters;
  readonly used: Set<string>;
}

const itsData =
  "input and output of the job lie in the project's bucket, under <group>/batch/<name>/ and in the run's folder";

/** Members that both kinds of jobs have. */
function jobFrom(one: Source, name: string, { config, filters }: JobsOf): Record<string, unknown> {
  const service = one.member("serviceConfig");
  leaveTags(service.member("tags"));
  one.member("workflowConfig").member("maxAge").leave("jobs run when their stage does, not by age");
  for (const key of ["jobInput", "jobOutput", "roleArn", "solutionVersionArn"]) service.member(key).leave(itsData);
  service.member("jobName").changed("jobs are named after job and run");
  const numResults = service.member("numResults").number();
  const exploration = service.member(config).member("itemExplorationConfig").take();
  const wished = service
    .member("filterArn")
    .text()
    ?.replace(/^.*filter\//, "");
  const filter = wished === undefined ? undefined : filters.named.get(wished);
  if (wished !== undefined && filter === undefined) service.member("filterArn").leave("this file has no such filter");
  return {
    name,
    ...(numResults === undefined ? {} : { numResults }),
    ...(filter === undefined ? {} : { filter }),
    ...(exploration === undefined ? {} : { itemExplorationConfig: exploration }),
  };
}

export interface Jobs {
  readonly batchInference: readonly object[];
  readonly batchSegments: readonly object[];
  readonly schedules: readonly Source[];
}

export function jobsFrom(solutions: Source, candidates: readonly Candidate[], filters: Filters): Jobs {
  const used = new Set<string>();
  const schedules: Source[] = [];
  const inference: JobsOf = { list: "batchInferenceJobs", config: "batchInferenceJobConfig", filters, used };
  const segment: JobsOf = { list: "batchSegmentJobs", config: "batchSegmentJobConfig", filters, used };
  const batchInference = candidates.flatMap(({ source, name: solution }) =>
    source
      .member(inference.list)
      .elements()
      .map((one) => {
        schedules.push(one.member("workflowConfig").member("schedule"));
        one.member("serviceConfig").member("batchInferenceJobMode").leave("jobs infer; themes are not generated");
        return { ...jobFrom(one, fitName(`${solution}-batch`, longest, used), inference), solution };
      }),
  );
  for (const { source } of candidates) source.member(segment.list).leave("only recipes for segments make segments");
  const batchSegments = solutions
    .elements()
    .filter(isForSegments)
    .flatMap((source) => segmentsOf(source, segment));
  return { batchInference, batchSegments, schedules };
}

/** The solution becomes part of its job. */
function segmentsOf(source: Source, jobs: JobsOf): object[] {
  const service = source.member("serviceConfig");
  service.member("recipeArn").take();
  leaveTags(service.member("tags"));
  const wished = service.member("name").text() ?? "segments";
  service.member("name").changed("a batch segment job here: its solution is trained beside the candidates");
  source.member("workflowConfig").leave("it trains whenever the candidates do");
  return source
    .member(jobs.list)
    .elements()
    .map((one) => {
      one.member("workflowConfig").member("schedule").leave("segments are made in each run that trains");
      return { ...jobFrom(one, fitName(wished, longest, jobs.used), jobs), recipe: recipeOf(source) };
    });
}
