/** Solutions of the parameter file with their campaigns, turned into candidates. Others say why they are none. */
import { comparableRecipes, whyNoCandidate } from "../../../pipeline/config/recipes.ts";
import { nameFrom } from "./fit-name.ts";
import { leaveTags } from "./solution-data.ts";
import { daysBetween, expressionFrom } from "./solution-schedules.ts";
import type { Source } from "./source.ts";

export interface Candidate {
  readonly source: Source;
  readonly name: string;
  readonly solution: Readonly<Record<string, unknown>>;
}

const baseline = "aws-popularity-count";
const segmentRecipes = ["aws-item-affinity", "aws-item-attribute-affinity"];
const maxAge = "versions are not reused by age: a run trains when its data or its schedule asks for it";

/** `aws-sims` of its ARN. */
export const recipeOf = (source: Source): string =>
  (source.member("serviceConfig").member("recipeArn").peek() ?? "").replace(/^.*recipe\//, "");

/** Segments need a recipe that is no candidate; follow-up jobs train it themselves. */
export const isForSegments = (source: Source): boolean =>
  segmentRecipes.includes(recipeOf(source)) && source.member("batchSegmentJobs").elements().length > 0;

/** Why this one cannot compete, or undefined when it can. */
function whyNot(source: Source): string | undefined {
  const recipe = recipeOf(source);
  if (recipe === baseline) return `${recipe} is the yardstick: every run trains it beside the candidates`;
  if (recipe === "") return "it names no recipe, so AutoML would choose one; name a recipe";
  const known: readonly string[] = comparableRecipes;
  return known.includes(recipe)
    ? undefined
    : (whyNoCandidate(recipe) ?? `${recipe} is no recipe that Outrank compares`);
}

export function candidatesFrom(source: Source): Candidate[] {
  const used = new Set(["baseline"]);
  return source.elements().flatMap((one) => {
    if (isForSegments(one)) return [];
    const reason = whyNot(one);
    if (reason !== undefined) one.leave(reason);
    return reason === undefined ? [candidateFrom(one, used)] : [];
  });
}

function candidateFrom(source: Source, used: Set<string>): Candidate {
  const service = source.member("serviceConfig");
  service.member("recipeArn").take();
  const name = nameFrom(service.member("name"), 23, used, "main");
  source.member("workflowConfig").member("maxAge").leave(maxAge);
  leaveTags(service.member("tags"));
  service.member("performAutoML").leave("AutoML picks a recipe anew; here each recipe is a solution that competes");
  autoTraining(service.member("performAutoTraining"));
  const hpo = service.member("performHPO").flag();
  const eventType = service.member("eventType").text();
  const config = solutionConfigFrom(service.member("solutionConfig"), hpo);
  const campaign = campaignFrom(source);
  const solution = {
    ...{ name, recipe: recipeOf(source) },
    ...(eventType === undefined ? {} : { eventType }),
    ...(hpo ? { performHPO: true } : {}),
    ...trainingFrom(source),
    ...(Object.keys(config).length === 0 ? {} : { config }),
    ...(Object.keys(campaign).length === 0 ? {} : { campaign }),
  };
  return { source, name, solution };
}

function autoTraining(source: Source): void {
  if (source.flag())
    source.leave("the service's own training would race the pipeline's (rule R5); a schedule replaces it");
}

/** An update schedule means UPDATE versions between full ones, where the recipe has them. */
function trainingFrom(source: Source): object {
  const version = source.member("serviceConfig").member("solutionVersion");
  version.member("name").changed("versions are named after their run");
  leaveTags(version.member("tags"));
  const mode = version.member("trainingMode").text();
  const schedules = source.member("workflowConfig").member("schedules");
  const update = schedules.member("update");
  if (update.value === undefined && schedules.member("full").value !== undefined && mode === "UPDATE") {
    version.member("trainingMode").leave("its only schedule trains FULL versions");
    return {};
  }
  if (update.value === undefined && mode !== "UPDATE") return {};
  if (recipeOf(source) !== "aws-user-personalization") {
    const why = `${recipeOf(source)} has no UPDATE training; its campaign takes new items in by itself`;
    update.leave(why);
    version.member("trainingMode").leave(why);
    return {};
  }
  const full = schedules.member("full");
  const days = full.value === undefined ? undefined : expressionFrom(full);
  const fullTrainingDays = days === undefined ? undefined : daysBetween(days);
  if (update.value !== undefined && days !== undefined) {
    full.changed(`fullTrainingDays: ${fullTrainingDays}; runs follow the schedule of the updates`);
  }
  return { trainingMode: "UPDATE", ...(fullTrainingDays === undefined ? {} : { fullTrainingDays }) };
}

const taken = ["eventValueThreshold", "algorithmHyperParameters", "featureTransformationParameters"];

/** Members of solutionConfig as the API has them; the rest is named. */
function solutionConfigFrom(source: Source, hpo: boolean): Record<string, unknown> {
  const config = Object.fromEntries(
    taken.flatMap((name) => {
      const value = source.member(name).take();
      return value === undefined || isEmpty(value) ? [] : [[name, value]];
    }),
  );
  const excluded = source.member("trainingDataConfig").member("excludedDatasetColumns").take();
  const search = hpoFrom(source.member("hpoConfig"), hpo);
  source.member("autoMLConfig").leave("AutoML has no place here");
  source.member("optimizationObjective").leave("candidates are judged by decision.primaryMetric and its guardrails");
  source.member("autoTrainingConfig").member("schedulingExpression").take();
  return {
    ...config,
    ...(excluded === undefined || isEmpty(excluded)
      ? {}
      : { trainingDataConfig: { excludedDatasetColumns: excluded } }),
    ...(search === undefined ? {} : { hpoConfig: search }),
  };
}

const isEmpty = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length === 0;

function hpoFrom(source: Source, hpo: boolean): unknown {
  if (source.value === undefined) return undefined;
  if (!hpo) {
    source.leave("does nothing without performHPO");
    return undefined;
  }
  source.member("hpoObjective").leave("the recipe's own objective is searched for");
  const members = ["hpoResourceConfig", "algorithmHyperParameterRanges"].flatMap((name) => {
    const value = source.member(name).take();
    return value === undefined ? [] : [[name, value] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** The first campaign; a solution has one here. */
function campaignFrom(source: Source): Record<string, unknown> {
  const [first, ...others] = source.member("campaigns").elements();
  for (const other of others) other.leave("a solution has one campaign here; others could only serve the same version");
  if (first === undefined) {
    source
      .member("serviceConfig")
      .member("name")
      .changed("gets a campaign, which is billed: the gate decides what it serves");
    return {};
  }
  const service = first.member("serviceConfig");
  service
    .member("name")
    .changed("the campaign is called after its solution: a new one with a new ARN, which callers need");
  service.member("solutionVersionArn").leave("the gate decides which version a campaign serves");
  leaveTags(service.member("tags"));
  const minProvisionedTPS = service.member("minProvisionedTPS").number();
  const config = service.member("campaignConfig");
  config.member("syncWithLatestSolutionVersion").leave("it would go around the gate");
  const members = ["itemExplorationConfig", "enableMetadataWithRecommendations"].flatMap((name) => {
    const value = config.member(name).take();
    return value === undefined || isEmpty(value) ? [] : [[name, value] as const];
  });
  return {
    ...(minProvisionedTPS === undefined || minProvisionedTPS === 1 ? {} : { minProvisionedTPS }),
    ...(members.length === 0 ? {} : { config: Object.fromEntries(members) }),
  };
}
