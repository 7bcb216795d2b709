/**
 * The filters of requests, evaluated on the plane's data: which of a model's items (or actions, or users) one request may
 * get. An expression is parsed once, compiled once for the values it is asked with, and what depends on metadata
 * alone is worked out once until they change.
 */
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException, ResourceNotFoundException } from "../errors.ts";
import type { Bitmap } from "../filters/bitmaps.ts";
import { compileFilter, type CompiledFilter } from "../filters/compile-filter.ts";
import type { Target } from "../filters/filter-expression.ts";
import { letsThrough, letThrough, type EventTypes, type Subject } from "../filters/let-through.ts";
import { metBy } from "../filters/met.ts";
import { createMetadataIndexes, type MetadataIndex } from "../filters/metadata-index.ts";
import { parseFilter } from "../filters/parse-filter.ts";
import type { EntityType, Interaction, JobRunner } from "../job-runner.ts";

export interface FilterRequest {
  readonly filterArn?: string | undefined;
  readonly filterValues?: Readonly<Record<string, string>> | undefined;
}

/** Whom and what a request is about. */
export interface About {
  readonly datasetGroupArn: string;
  readonly userId?: string | undefined;
  readonly itemId?: string | undefined;
}

/** What a list of ids is of. */
const types: Readonly<Record<Target, EntityType>> = { ItemID: "ITEMS", UserID: "USERS", ActionID: "ACTIONS" };

/** The newest of each event type that filters look at; the service's own number for actions is another. */
const looksAt = { INTERACTIONS: 100, ACTION_INTERACTIONS: 300 } as const;

const mostCompiled = 1000;

export interface Filtering {
  /** The expression of a filter that may be used here, with the request's values. */
  compiled(expression: string, values: Readonly<Record<string, string>>, target: Target): CompiledFilter;
  /** Which of the ids one request may get; undefined = all. Not to be changed. */
  allowed(filter: CompiledFilter, ids: Ids, about: About): Bitmap | undefined;
  /** The same asked of one id, which need not be among any. */
  allows(filter: CompiledFilter, id: string, about: About): boolean;
}

export interface Ids {
  readonly ids: readonly string[];
  readonly position: (id: string) => number | undefined;
}

export function createFiltering(jobs: JobRunner): Filtering {
  const indexes = createMetadataIndexes(jobs);
  const compiled = createCompiler();
  const positions = rememberPositions();
  const kept = rememberAllowed();

  const interactions = ({ target }: CompiledFilter, { datasetGroupArn, userId }: About): readonly Interaction[] => {
    if (userId === undefined) return nobodys;
    return target === "ActionID"
      ? jobs.actionInteractionsOf(datasetGroupArn, userId)
      : jobs.interactionsOf(datasetGroupArn, userId);
  };

  return {
    compiled,
    allowed(filter, { ids, position }, about) {
      const { datasetGroupArn } = about;
      const index = indexes.of({ datasetGroupArn, type: types[filter.target], ids, position });
      if (filter.target === "UserID") {
        const met = (eventTypes: EventTypes) => usersWith(jobs, datasetGroupArn, ids, eventTypes);
        return letThrough(filter, index, { ...subjectOf(jobs, about), met });
      }
      const rows = interactions(filter, about);
      const met = (eventTypes: EventTypes) => positions(index, rows, eventTypes, perType(filter));
      const find = () => letThrough(filter, index, { ...subjectOf(jobs, about), met });
      return filter.readsMetadata ? find() : kept(index, rows, filter, find);
    },
    allows(filter, id, about) {
      const metadata = jobs.metadataOf(about.datasetGroupArn, types[filter.target], id);
      const isMet = (eventTypes: EventTypes) => metBy(interactions(filter, about), eventTypes, perType(filter)).has(id);
      return letsThrough(filter, { metadata, isMet }, subjectOf(jobs, about));
    },
  };
}

const nobodys: readonly Interaction[] = [];

const perType = ({ target }: CompiledFilter) =>
  target === "ActionID" ? looksAt.ACTION_INTERACTIONS : looksAt.INTERACTIONS;

/** Rows are read when the filter asks for them, and once. */
function subjectOf(jobs: JobRunner, { datasetGroupArn, userId, itemId }: About): Subject {
  const row = (type: EntityType, id: string | undefined) => {
    let read: ReturnType<JobRunner["metadataOf"]> | null = null;
    return () => {
      if (read === null) read = id === undefined ? undefined : jobs.metadataOf(datasetGroupArn, type, id);
      return read;
    };
  };
  return { user: row("USERS", userId), currentItem: row("ITEMS", itemId) };
}

/** Positions of the users who have an interaction of these types; every user is looked at. */
function* usersWith(jobs: JobRunner, group: string, users: readonly string[], types: EventTypes): Iterable<number> {
  for (let n = 0; n < users.length; n++) {
    const rows = jobs.interactionsOf(group, users[n] as string);
    const isWith = types ? rows.some(({ eventType }) => types.has(eventType.toLowerCase())) : rows.length > 0;
    if (isWith) yield n;
  }
}

/** What a user has met, as positions: worked out once for the same list of interactions and the same event types. */
function rememberPositions() {
  const known = new WeakMap<MetadataIndex, WeakMap<readonly Interaction[], Map<EventTypes, readonly number[]>>>();
  return (index: MetadataIndex, rows: readonly Interaction[], eventTypes: EventTypes, perType: number) => {
    let ofIndex = known.get(index);
    if (!ofIndex) known.set(index, (ofIndex = new WeakMap<readonly Interaction[], Map<EventTypes, number[]>>()));
    let ofRows = ofIndex.get(rows);
    if (!ofRows) ofIndex.set(rows, (ofRows = new Map<EventTypes, readonly number[]>()));
    let found = ofRows.get(eventTypes);
    if (!found) {
      found = [...metBy(rows, eventTypes, perType)].flatMap((id) => index.position(id) ?? []);
      ofRows.set(eventTypes, found);
    }
    return found;
  };
}

/** Larger bitmaps are worked out for each request: 4,096 users may be remembered, with several filters. */
const mostKeptBytes = 4096;

/** What a filter lets through to somebody with these interactions, until metadata or interactions change. */
function rememberAllowed() {
  const known = new WeakMap<object, WeakMap<readonly Interaction[], Map<CompiledFilter, Bitmap | undefined>>>();
  return (
    index: MetadataIndex,
    rows: readonly Interaction[],
    filter: CompiledFilter,
    find: () => Bitmap | undefined,
  ): Bitmap | undefined => {
    if (index.size > 8 * mostKeptBytes) return find();
    const state = index.state();
    let ofState = known.get(state);
    if (!ofState) known.set(state, (ofState = new WeakMap<readonly Interaction[], Map<CompiledFilter, Bitmap>>()));
    let ofRows = ofState.get(rows);
    if (!ofRows) ofState.set(rows, (ofRows = new Map<CompiledFilter, Bitmap | undefined>()));
    if (!ofRows.has(filter)) ofRows.set(filter, find());
    return ofRows.get(filter);
  };
}

/** Parses and compiles each expression once for the same values. */
function createCompiler(): Filtering["compiled"] {
  const known = new Map<string, CompiledFilter>();
  return (expression, values, target) => {
    const key = `${expression}\n${JSON.stringify(values)}`;
    let filter = known.get(key);
    if (!filter) {
      const parsed = parseFilter(expression);
      if (parsed.kind === "invalid") throw new Error(`${expression} was valid when it was created: ${parsed.fault}`);
      filter = compileFilter(parsed.filter, values);
      if (known.size >= mostCompiled) known.clear();
      known.set(key, filter);
    }
    if (filter.target === target) return filter;
    throw new InvalidInputException(`The filter is about ${filter.target}: it cannot filter by ${target}.`);
  };
}

/** The request's filter with its values; undefined without one. It must be ACTIVE and of the same dataset group. */
export function filterOf(
  plane: ControlPlane,
  datasetGroupArn: string,
  { filterArn, filterValues = {} }: FilterRequest,
  target: Target = "ItemID",
): CompiledFilter | undefined {
  if (filterArn === undefined) return undefined;
  const row = plane.tables.filter.get(filterArn);
  if (!row) throw new ResourceNotFoundException(filterArn, 404);
  if (row.status !== "ACTIVE") throw new InvalidInputException(`The filter ${filterArn} is ${row.status}, not ACTIVE.`);
  if (row.datasetGroupArn !== datasetGroupArn) {
    throw new InvalidInputException(
      `The filter ${filterArn} belongs to another dataset group than what it is to filter.`,
    );
  }
  return plane.filtering.compiled(row.filterExpression, filterValues, target);
}

/**
 * The users that a job's filter lets into a segment, over this list of user ids; undefined = all. Looks at every user's interactions
 * when the filter does.
 */
export function allowedUsers(
  plane: ControlPlane,
  datasetGroupArn: string,
  request: FilterRequest,
  ids: readonly string[],
): Bitmap | undefined {
  const filter = filterOf(plane, datasetGroupArn, request, "UserID");
  if (!filter) return undefined;
  const places = new Map(ids.map((id, place) => [id, place]));
  return plane.filtering.allowed(filter, { ids, position: (id) => places.get(id) }, { datasetGroupArn });
}
