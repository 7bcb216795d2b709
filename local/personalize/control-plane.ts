/**
 * What every operation is given: the tables, the ports, and the few sentences all operations need (find a resource,
 * demand that its parent is ready, change its row). The only place where rows are put.
 */
import type { Keys } from "../cloud/ports/keys.ts";
import type { Authorizer, ObjectStore, ProgressListener, ServiceDeps } from "../cloud/ports/service.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { arnOf, assertArnOf } from "./arns.ts";
import type { Attributions } from "./attribution/attributions.ts";
import { ResourceAlreadyExistsException, ResourceInUseException, ResourceNotFoundException } from "./errors.ts";
import type { JobHandle, JobRunner, TrainingResult } from "./job-runner.ts";
import type { AutomaticTraining } from "./lifecycles/automatic-training.ts";
import type { Transitions } from "./lifecycles/transitions.ts";
import type { Meter } from "./metering/entries.ts";
import { kinds, toWire, type Kind, type Rows, type Shapes, type SideTables, type Tables } from "./model.ts";
import type { Retraining } from "./recommenders/retraining.ts";
import type { ParsedSchema } from "./schema/avro-schema.ts";
import type { Answered } from "./serving/answered.ts";
import type { Named } from "./serving/best-items.ts";
import type { NewItems } from "./serving/exploration.ts";
import type { Filtering } from "./serving/filtering.ts";
import type { ModelCache } from "./serving/model-cache.ts";
import type { RefreshedModels } from "./serving/refreshed.ts";
import type { Throttle } from "./serving/throttle.ts";
import type { UsageMeter } from "./serving/usage.ts";
import type { LifecycleName, PersonalizeSettings } from "./settings.ts";

export interface ControlPlane extends Pick<
  ServiceDeps,
  "clock" | "ids" | "random" | "account" | "region" | "log" | "store"
> {
  readonly tables: Tables;
  readonly side: SideTables;
  readonly settings: PersonalizeSettings;
  readonly transitions: Transitions;
  readonly automaticTraining: AutomaticTraining;
  /** Of recommenders. */
  readonly retraining: Retraining;
  /** By solution version: what StopSolutionVersionCreation can cancel. */
  readonly runningTrainings: Map<string, JobHandle<TrainingResult>>;
  readonly jobs: JobRunner;
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly models: ModelCache;
  readonly usage: UsageMeter;
  readonly throttle: Throttle;
  readonly filtering: Filtering;
  readonly newItems: NewItems;
  readonly answered: Answered;
  readonly named: Named;
  readonly attributions: Attributions;
  readonly refreshed: RefreshedModels;
  /** The parts of a schema's text that has been checked, parsed once. */
  readonly schemas: (text: string) => ParsedSchema;
  readonly authorizer: Authorizer;
  readonly objects: ObjectStore;
  readonly keys: Keys;
  readonly progress: ProgressListener;
  readonly meter: Meter;
  /** Aborted when the process closes: work in this thread ends, and runs again at the next start. */
  readonly closing: AbortController;
}

/** The row under this ARN, whose kind is checked first. */
export function find<K extends Kind>(plane: ControlPlane, kind: K, arn: string): Rows[K] {
  assertArnOf(kind, arn);
  const row = plane.tables[kind].get(arn);
  if (!row) throw new ResourceNotFoundException(arn);
  return row;
}

/** The resource under this ARN as Describe answers it. */
export const describe = <K extends Kind>(plane: ControlPlane, kind: K, arn: string): Shapes[K] =>
  toWire<Shapes[K]>(find(plane, kind, arn));

/** The row under this ARN, which must be ACTIVE for what is asked. */
export function findActive<K extends Exclude<Kind, "schema">>(plane: ControlPlane, kind: K, arn: string): Rows[K] {
  const row = find(plane, kind, arn);
  if (row.status !== "ACTIVE") {
    throw new ResourceInUseException(
      `The ${kinds[kind].noun} ${arn} is ${row.status}; it must be ACTIVE. Please try again later.`,
    );
  }
  return row;
}

/** The ARN a new resource would have; refused when it is taken. */
export function freeArn(plane: ControlPlane, kind: Kind, tail: string): string {
  const arn = arnOf(plane, kind, tail);
  if (plane.tables[kind].has(arn)) throw new ResourceAlreadyExistsException(arn);
  return arn;
}

/** Both dates of a new row. */
export const born = ({ clock }: Pick<ControlPlane, "clock">) => ({
  creationDateTime: clock.now(),
  lastUpdatedDateTime: clock.now(),
});

/** Puts the changed row, touched. */
export function change<K extends Kind>(plane: ControlPlane, kind: K, arn: string, changes: Partial<Rows[K]>): void {
  const row = plane.tables[kind].get(arn);
  if (row) plane.tables[kind].put(arn, { ...row, ...changes, lastUpdatedDateTime: plane.clock.now() });
}

/** Puts a new row with its tags and starts its life; durable when resolved. */
export async function bear<K extends Exclude<Kind, "schema">>(
  plane: ControlPlane,
  kind: K,
  row: Rows[K],
  tags: readonly { readonly tagKey: string; readonly tagValue: string }[] = [],
): Promise<void> {
  const arn = arnIn(kind, row);
  plane.tables[kind].put(arn, row);
  if (tags.length > 0) plane.side.tags.put(arn, tags);
  plane.transitions.begin(`${kind}.create` satisfies LifecycleName, arn);
  await plane.store.commit();
}

export const arnIn = <K extends Kind>(kind: K, row: Rows[K]) => row[kinds[kind].arnKey as keyof Rows[K]] as string;

/** Those of a kind that satisfy a condition, in the order of their creation. */
export const those = <K extends Kind>(plane: ControlPlane, kind: K, condition: (row: Rows[K]) => boolean): Rows[K][] =>
  [...plane.tables[kind].values()].filter(condition);

/** Pending or in progress: counts against the quotas of concurrent jobs and hinders deletions. */
export const isUnderWay = (status: string) => status === "CREATE PENDING" || status === "CREATE IN_PROGRESS";

/** Refuses to delete what is neither ACTIVE nor failed. */
export function assertDeletable(kind: Kind, arn: string, status: string): void {
  if (["ACTIVE", "CREATE FAILED", "CREATE STOPPED"].includes(status)) return;
  throw new ResourceInUseException(
    `The ${kinds[kind].noun} ${arn} is ${status}; only an ACTIVE or failed one can be deleted. Please try again later.`,
  );
}

/** Refuses when something still depends on what is to be deleted. */
export function assertNoDependents(kind: Kind, arn: string, dependents: readonly string[]): void {
  if (dependents.length === 0) return;
  throw new ResourceInUseException(
    `The ${kinds[kind].noun} ${arn} is still used by ${dependents.slice(0, 3).join(", ")}${dependents.length > 3 ? ` and ${dependents.length - 3} more` : ""}. Delete first what uses it.`,
  );
}

/** Jobs are never deleted, versions go with their solution, schemas go at once. */
type Deletable = Exclude<Kind, "schema" | "solutionVersion" | `${string}Job`>;

/** Starts the deletion of a resource that may be deleted; durable when resolved. */
export async function startDeleting<K extends Deletable>(plane: ControlPlane, kind: K, arn: string): Promise<void> {
  change(plane, kind, arn, { status: "DELETE PENDING" } as Partial<Rows[K]>);
  plane.transitions.begin(`${kind}.delete` satisfies LifecycleName, arn);
  await plane.store.commit();
}
