/** A data plane that does nothing but remember what it was asked and answer what the test tells it to. */
import type {
  DeletionJob,
  DeletionResult,
  EntityType,
  ImportJob,
  ImportResult,
  Interaction,
  JobHandle,
  JobOutcome,
  JobRunner,
  Metadata,
  ServingModel,
  StreamedEvent,
  StreamedRow,
  TrainingJob,
  TrainingResult,
} from "../../local/personalize/job-runner.ts";
import type { History, Model, Query, Scored, ScoredUser, SegmentQuery } from "../../local/recipes/recipe.ts";
import { columnOf } from "../../local/personalize/filters/compile-filter.ts";

export interface FakeJobRunner extends JobRunner {
  readonly imports: ImportJob[];
  readonly trainings: TrainingJob[];
  readonly deletions: DeletionJob[];
  readonly events: StreamedEvent[];
  readonly rows: StreamedRow[];
  readonly forgotten: string[];
  readonly opened: string[];
  /** Bytes read per import, to see that the files really were opened. */
  readonly bytesRead: Map<string, number>;
  /** What the next jobs end with; by default they succeed. "never" leaves them running until cancelled. */
  importOutcome: JobOutcome<ImportResult> | "never";
  trainingOutcome: JobOutcome<TrainingResult> | "never";
  deletionOutcome: JobOutcome<DeletionResult> | "never";
  modelOf: (solutionVersionArn: string) => Promise<ServingModel>;
  histories: Record<string, Interaction[]>;
  items: Record<string, Metadata>;
  users: Record<string, Metadata>;
  actions: Record<string, Metadata>;
  /** To be counted up by a test that changes metadata. */
  revision: number;
}

const metrics = { coverage: 0.5, precision_at_25: 0.0123 };

export function fakeJobRunner(): FakeJobRunner {
  const running: JobHandle<unknown>[] = [];
  const started = <Result>(handle: JobHandle<Result>) => {
    running.push(handle);
    return handle;
  };
  const rowsOf = (type: EntityType) => ({ ITEMS: runner.items, USERS: runner.users, ACTIONS: runner.actions })[type];
  const runner: FakeJobRunner = {
    revision: 1,
    imports: [],
    trainings: [],
    deletions: [],
    events: [],
    rows: [],
    forgotten: [],
    opened: [],
    bytesRead: new Map(),
    importOutcome: { kind: "succeeded", result: { rows: 10, rowsStored: 10 } },
    trainingOutcome: {
      kind: "succeeded",
      result: { metrics, trainingHours: 0.012, users: 3, items: 4, interactions: 10 },
    },
    deletionOutcome: { kind: "succeeded", result: { deleted: 7 } },
    modelOf: (arn) => Promise.resolve(servingModel({ recipe: arn })),
    histories: {},
    items: {},
    users: {},
    actions: {},
    importDataset: (job) => {
      runner.imports.push(job);
      const read = readFiles(job, runner.bytesRead);
      return started(
        handleOf(
          read.then(() => runner.importOutcome),
          "import",
        ),
      );
    },
    train: (job) => {
      runner.trainings.push(job);
      return started(handleOf(Promise.resolve(runner.trainingOutcome), "training"));
    },
    deleteUsers: (job) => {
      runner.deletions.push(job);
      const read = readFiles(job, runner.bytesRead);
      return started(
        handleOf(
          read.then(() => runner.deletionOutcome),
          "deletion",
        ),
      );
    },
    openModel: (arn) => {
      runner.opened.push(arn);
      return runner.modelOf(arn);
    },
    interactionsOf: (_group, userId) => runner.histories[userId] ?? [],
    actionInteractionsOf: (_group, userId) => runner.histories[userId] ?? [],
    metadataOf: (_group, type, id) => rowsOf(type)[id],
    metadataColumn: (_group, type, ids, column) => ids.map((id) => columnOf(rowsOf(type)[id], column)),
    metadataChanges: () => ({ revision: runner.revision, ids: "all" }),
    idsOf: (_group, type) => Object.keys(rowsOf(type)),
    hasBulkData: (datasetArn) => runner.imports.some((job) => job.datasetArn === datasetArn),
    recordEvents: async (_dataset, _group, events, whenNew) => {
      const seen = new Set(runner.events.map(({ eventId }) => eventId));
      const added = events.filter(({ eventId }) => !seen.has(eventId) && seen.add(eventId));
      runner.events.push(...added);
      if (added.length > 0) whenNew?.(added);
    },
    recordItems: async (_dataset, _group, rows) => void runner.rows.push(...rows),
    recordUsers: async (_dataset, _group, rows) => void runner.rows.push(...rows),
    recordActions: async (_dataset, _group, rows) => void runner.rows.push(...rows),
    exportRows: ({ datasetType }, mode) => [`${datasetType}\n`, `${mode}\n`],
    forgetDataset: async (arn) => void runner.forgotten.push(arn),
    forgetModel: async (arn) => void runner.forgotten.push(arn),
    open: async () => {},
    close: async () => {
      for (const { cancel } of running) cancel();
    },
  };
  return runner;
}

/** As the real runner: an open that is refused fails the job with the error's message. */
async function readFiles(job: Pick<ImportJob, "files">, bytesRead: Map<string, number>): Promise<void> {
  for (const file of job.files) {
    let bytes = 0;
    for await (const chunk of await file.open()) bytes += (chunk as Buffer).length;
    bytesRead.set(file.key, bytes);
  }
}

function handleOf<Result>(wanted: Promise<JobOutcome<Result> | "never">, what: string): JobHandle<Result> {
  let cancel = () => {};
  const cancelled = new Promise<JobOutcome<Result>>((resolve) => (cancel = () => resolve({ kind: "cancelled" })));
  const finished = wanted.then(
    (outcome) => (outcome === "never" ? cancelled : outcome),
    (error: unknown): JobOutcome<Result> => ({
      kind: "failed",
      failureReason: (error as Error).message || `the ${what} failed`,
    }),
  );
  return { done: Promise.race([finished, cancelled]), cancel: () => cancel() };
}

export interface FakeModel {
  readonly recipe?: string;
  readonly items?: readonly string[];
  /** By item, best first is highest; a model without scores gives none. */
  readonly scores?: readonly number[];
  readonly histories?: Readonly<Record<string, History>>;
  readonly popular?: readonly number[];
  /** Sees every query. */
  readonly asked?: Query[];
  readonly close?: () => void;
  /** Makes it a model of segments: its users, the one with most interest first. */
  readonly userIds?: readonly string[];
  /** Users whom the model knows and nobody else does any more. */
  readonly gone?: readonly string[];
  /** Sees every query for a segment. */
  readonly segmented?: SegmentQuery[];
}

const isAllowed = (bitmap: Uint8Array | undefined, n: number) =>
  !bitmap || ((bitmap[n >> 3] ?? 0) & (1 << (n & 7))) !== 0;

/** A model that scores items by a fixed list; `popular` is the reverse order of the items unless said otherwise. */
export function servingModel({
  recipe = "fake",
  items = ["a", "b", "c", "d"],
  scores = [0.4, 0.3, 0.2, 0.1],
  histories = {},
  popular = items.map((_, i) => items.length - 1 - i),
  asked = [],
  close = () => {},
  userIds,
  gone = [],
  segmented = [],
}: FakeModel = {}): ServingModel {
  const scored = (candidates: readonly number[], count: number): Scored[] =>
    [...candidates]
      .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
      .slice(0, count)
      .map((item) => ({ item, score: scores[item] ?? 0 }));
  const model: Model = {
    recipe,
    items,
    eventTypes: [],
    recommend: (query) => {
      asked.push(query);
      const { allowed } = query;
      const open = items.map((_, i) => i).filter((i) => isAllowed(allowed, i));
      return scored(open, query.count);
    },
    rank: (query, candidates) => {
      asked.push(query);
      return scored([...candidates], candidates.length);
    },
    ...(userIds && {
      userIds,
      segment: (query: SegmentQuery): ScoredUser[] => {
        segmented.push(query);
        const open = userIds.map((_, user) => user).filter((user) => isAllowed(query.allowed, user));
        return open.slice(0, query.count).map((user) => ({ user, score: 1 / (user + 1) }));
      },
    }),
  };
  const known = userIds?.filter((id) => !gone.includes(id)) ?? Object.keys(histories);
  const indexOf = (id: string) => (items.includes(id) ? items.indexOf(id) : undefined);
  return {
    model,
    itemIndex: indexOf,
    userIndex: (id) => (known.includes(id) ? known.indexOf(id) : undefined),
    history: (id) => histories[id],
    eventsBetween: () => ({ item: new Uint32Array(), timestamp: new Float64Array() }),
    popular: Uint32Array.from(popular),
    close,
  };
}

/** A history of these items, one second apart. */
export const historyOf = (...items: readonly number[]): History => ({
  item: Uint32Array.from(items),
  timestamp: Float64Array.from(items, (_, n) => 1_700_000_000 + n),
  eventType: new Uint16Array(items.length),
});
