/**
 * Amazon Personalize, embedded: the control plane, the runtime and the events API over one set of tables. This file only
 * puts the parts together.
 */
import { type Keys, openKeys } from "../cloud/ports/keys.ts";
import { type CallCounter, uncounted } from "../cloud/ports/metrics.ts";
import type {
  Authorizer,
  AwsCalls,
  AwsService,
  ObjectStore,
  ProgressListener,
  Provisioner,
  ServiceDeps,
} from "../cloud/ports/service.ts";
import { recipes as trainableRecipes } from "../recipes/index.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { accessOf } from "./access.ts";
import { createAttributions } from "./attribution/attributions.ts";
import { those, type ControlPlane } from "./control-plane.ts";
import type { JobRunner } from "./job-runner.ts";
import {
  createAutomaticTraining,
  intervalOf,
  noAutomaticTraining,
  type AutomaticTraining,
  type Sight,
} from "./lifecycles/automatic-training.ts";
import { followLatest } from "./lifecycles/campaign.ts";
import { createLifecycles } from "./lifecycles/lifecycles.ts";
import { createTransitions, type Lifecycle } from "./lifecycles/transitions.ts";
import { createMeter, type MeterReport } from "./metering/entries.ts";
import { meteringEvents } from "./metering/metered-events.ts";
import { metered } from "./metering/metered-lifecycles.ts";
import { openSideTables, openTables } from "./model.ts";
import { controlOperations, eventsOperations, operationsOf, runtimeOperations } from "./operations/table.ts";
import { createProvisioners } from "./provisioners.ts";
import { sentTo } from "./events/datasets.ts";
import { countingCalls, servedBy } from "./serving/call-metrics.ts";
import { createRetraining } from "./recommenders/retraining.ts";
import { rememberSchemas } from "./schema/remember-schemas.ts";
import { createAnswered } from "./serving/answered.ts";
import { createNewItems } from "./serving/exploration.ts";
import { rememberNamed } from "./serving/best-items.ts";
import { createFiltering } from "./serving/filtering.ts";
import { createModelCache } from "./serving/model-cache.ts";
import { createRefreshedModels } from "./serving/refreshed.ts";
import { createThrottle } from "./serving/throttle.ts";
import { createUsageMeter } from "./serving/usage.ts";
import { durationsOf, settingsFrom, type LifecycleName, type PersonalizeOptions } from "./settings.ts";
import { startTraining } from "./start-training.ts";
import { checkingTags } from "./tags.ts";

export interface PersonalizeDeps extends ServiceDeps {
  readonly authorizer: Authorizer;
  readonly objects: ObjectStore;
  readonly jobs: JobRunner;
  readonly settings?: PersonalizeOptions;
  readonly progress?: ProgressListener;
  /** Who may use the keys that dataset groups are locked with; everybody by default. */
  readonly keys?: Keys;
  /** Where calls of the runtime are counted; nowhere by default. */
  readonly metrics?: CallCounter;
  /** How metric attributions tell CloudWatch what they count; without it they keep it. */
  readonly calls?: AwsCalls;
  /** What can be trained; the recipes of this project unless a test says otherwise. */
  readonly recipes?: Readonly<Record<string, Recipe>>;
}

export interface Personalize {
  /** personalize, personalize-runtime, personalize-events. */
  readonly services: readonly [AwsService, AwsService, AwsService];
  readonly provisioners: readonly Provisioner[];
  /** What was done so far, for `outrank cost --actual`. */
  meter(): MeterReport;
}

export function createPersonalize(deps: PersonalizeDeps): Personalize {
  const plane = createControlPlane(deps);
  const { tagsPerResource } = plane.settings.quotas;
  const control = checkingTags(operationsOf(controlOperations, plane), tagsPerResource);
  const access: AwsService["access"] = (operation, input) =>
    accessOf(operation, input as Record<string, unknown>, {
      place: plane,
      trackerOf: (trackingId) =>
        those(plane, "eventTracker", (row) => row.trackingId === trackingId)[0]?.eventTrackerArn,
      datasetOf: (trackingId) => those(plane, "dataset", (row) => row.trackingId === trackingId)[0]?.datasetArn,
    });
  const isServed = (arn: string) => plane.tables.campaign.has(arn) || plane.tables.recommender.has(arn);
  const counting = { counter: deps.metrics ?? uncounted, now: deps.clock.now };
  const runtime = countingCalls(operationsOf(runtimeOperations, plane), {
    ...counting,
    dimensionsOf: servedBy(isServed),
  });
  const events = countingCalls(operationsOf(eventsOperations, plane), { ...counting, dimensionsOf: sentTo(plane) });
  const services = [
    { id: "personalize", operations: control, access, resume: () => resume(plane), close: () => close(plane) },
    { id: "personalize-runtime", operations: runtime, access },
    { id: "personalize-events", operations: meteringEvents(events, plane), access },
  ] as const;
  const meter = (): MeterReport => ({
    at: plane.clock.now(),
    entries: plane.meter.entries(),
    windows: plane.usage.windows(),
  });
  return { services, provisioners: createProvisioners(plane, control), meter };
}

function createControlPlane(deps: PersonalizeDeps): ControlPlane {
  const { clock, store, log, jobs, progress = () => {}, recipes = trainableRecipes } = deps;
  const settings = settingsFrom(deps.settings);
  // Lifecycles work on the plane that holds their transitions; both exist before the first timer can fire.
  const lifecycle = (name: LifecycleName): Lifecycle => lifecycles[name];
  const durations = (name: LifecycleName) => durationsOf(settings, name);
  const plane: ControlPlane = {
    ...{ ...deps, keys: deps.keys ?? openKeys },
    settings,
    progress,
    recipes,
    tables: openTables(store),
    side: openSideTables(store),
    meter: createMeter(openSideTables(store).meter, () => clock.now()),
    usage: createUsageMeter(clock, openSideTables(store).usage),
    throttle: createThrottle(clock, settings.rates),
    models: createModelCache(jobs, clock),
    filtering: createFiltering(jobs),
    newItems: createNewItems(() => plane),
    refreshed: createRefreshedModels(clock),
    retraining: createRetraining(() => plane),
    answered: createAnswered(() => deps.ids.uuid(), openSideTables(store).answered),
    attributions: createAttributions(() => plane, deps.calls),
    named: rememberNamed(),
    schemas: rememberSchemas(),
    runningTrainings: new Map(),
    closing: new AbortController(),
    transitions: createTransitions({ clock, store, log, durations, lifecycle }),
    automaticTraining: settings.automaticTraining ? automaticTrainingOf(deps, () => plane) : noAutomaticTraining,
  };
  const lifecycles = metered(plane, createLifecycles(plane));
  return plane;
}

function automaticTrainingOf({ clock, store, log }: ServiceDeps, plane: () => ControlPlane): AutomaticTraining {
  return createAutomaticTraining({
    clock,
    log,
    table: openSideTables(store).autoTraining,
    commit: () => store.commit(),
    look: (arn) => sightOf(plane(), arn),
    train: (solutionArn) => startTraining(plane(), { solutionArn, trainingType: "AUTOMATIC" }),
  });
}

const weekly = "rate(7 days)";

function sightOf({ tables, side, ...rest }: ControlPlane, solutionArn: string): Sight | undefined {
  const solution = tables.solution.get(solutionArn);
  if (solution?.status !== "ACTIVE" || !solution.performAutoTraining) return undefined;
  const expression = solution.solutionConfig?.autoTrainingConfig?.schedulingExpression ?? weekly;
  const versions = those({ tables, side, ...rest }, "solutionVersion", (row) => row.solutionArn === solutionArn);
  return {
    intervalMs: intervalOf(expression) ?? intervalOf(weekly) ?? 0,
    lastStart: versions.at(-1)?.creationDateTime,
    newInteractionsAt: side.newInteractions.get(solution.datasetGroupArn),
  };
}

/** Models first, so that campaigns serve as soon as the port is open; then whatever was under way. */
async function resume(plane: ControlPlane): Promise<void> {
  await plane.jobs.open();
  plane.answered.resume();
  const served = [...plane.tables.campaign.values()].filter(({ status }) => status === "ACTIVE");
  for (const { solutionVersionArn, campaignArn } of served) await loadFor(plane, campaignArn, solutionVersionArn);
  for (const { recommenderArn, status } of plane.tables.recommender.values()) {
    const model = plane.side.recommenderModels.get(recommenderArn)?.current;
    if (model && status === "ACTIVE") await loadFor(plane, recommenderArn, model.modelArn);
  }
  plane.transitions.resume();
  for (const { campaignArn } of served) followLatest(plane, campaignArn);
  plane.automaticTraining.resume();
  plane.retraining.resume();
  plane.attributions.resume();
}

async function loadFor(plane: ControlPlane, arn: string, modelArn: string): Promise<void> {
  await plane.models.load(modelArn).catch((error: unknown) => {
    plane.log(`personalize: ${arn} cannot serve ${modelArn}: ${String(error)}`);
  });
}

async function close(plane: ControlPlane): Promise<void> {
  plane.closing.abort();
  plane.automaticTraining.close();
  plane.retraining.close();
  plane.attributions.close();
  plane.transitions.close();
  plane.usage.settle();
  plane.answered.save();
  plane.models.keepOnly(new Set());
  await plane.jobs.close();
}
