/** Reads what one training learns from: the group's stored rows with what was streamed, of items or, for actions, of both. */
import type { RecipeType, TrainingData } from "../../recipes/recipe.ts";
import { readLog } from "../data/append-log.ts";
import { DataFailure } from "../data/data-failure.ts";
import type { RowFilter } from "../data/event-rules.ts";
import { selectRows } from "../data/select-rows.ts";
import { datasetFolder, emptyTable, openTable } from "../data/stored-table.ts";
import type { StoredTable } from "../data/stored-table.ts";
import { indexEvents, newestRows, streamedLogPath } from "../data/streamed-rows.ts";
import { buildTrainingData } from "../data/training-data.ts";
import type { EntityRows, LoadedData, TrainingSource } from "../data/training-data.ts";
import type { DatasetSource, DatasetType, StreamedEvent, StreamedRow, TrainingJob } from "../job-runner.ts";

export interface DataTask extends Pick<
  TrainingJob,
  "datasets" | "eventType" | "eventValueThreshold" | "events" | "objective" | "excludedColumns"
> {
  readonly dataDir: string;
}

const datasetOf = (task: DataTask, type: DatasetType): DatasetSource | undefined =>
  task.datasets.find(({ datasetType }) => datasetType === type);

function entityRows(task: DataTask, type: DatasetType): EntityRows | undefined {
  const dataset = datasetOf(task, type);
  if (!dataset) return undefined;
  const streamed = newestRows(readLog<StreamedRow>(streamedLogPath(task.dataDir, dataset.datasetArn)));
  return { schema: dataset.schema, table: openTable(datasetFolder(task.dataDir, dataset.datasetArn)), streamed };
}

export function filterOf({ eventType, eventValueThreshold, events }: Omit<DataTask, "dataDir">): RowFilter {
  return {
    ...(eventType !== undefined && { eventType }),
    ...(eventValueThreshold !== undefined && { eventValueThreshold }),
    ...(events !== undefined && { events }),
  };
}

/** The dataset's rows; interactions that only ever were streamed train as well. */
function rowsOf(task: DataTask, dataset: DatasetSource): Pick<TrainingSource, "interactions" | "events"> {
  const { datasetArn, datasetType, schema } = dataset;
  const stored: StoredTable | undefined = openTable(datasetFolder(task.dataDir, datasetArn));
  return {
    interactions: stored ?? emptyTable(schema, datasetType),
    events: indexEvents(readLog<StreamedEvent>(streamedLogPath(task.dataDir, datasetArn))),
  };
}

function loadItems(task: DataTask): LoadedData {
  const dataset = datasetOf(task, "INTERACTIONS");
  if (!dataset) throw new DataFailure("Dataset has fewer than 1000 interactions.");
  const [items, users] = [entityRows(task, "ITEMS"), entityRows(task, "USERS")];
  return buildTrainingData({
    ...rowsOf(task, dataset),
    ...(items && { items }),
    ...(users && { users }),
    filter: filterOf(task),
    excludedColumns: task.excludedColumns,
    ...(task.objective && { objective: task.objective }),
  });
}

/** The same data with its users in the order of `users`, who are all of them. */
function inOrderOf(data: TrainingData, users: readonly string[]): TrainingData {
  const indices = new Map(data.users.map((id, u) => [id, u]));
  const offsets = new Uint32Array(users.length + 1);
  const rows = new Uint32Array(data.item.length);
  let filled = 0;
  users.forEach((id, at) => {
    const u = indices.get(id);
    if (u !== undefined) for (let n = data.offsets[u]!; n < data.offsets[u + 1]!; n++) rows[filled++] = n;
    offsets[at + 1] = filled;
  });
  return { ...selectRows(data, rows, offsets), users };
}

const field = (name: string, type = "string") => ({ name, type });

/** For groups without an Action interactions dataset: nobody has met an action yet. */
const actionInteractionsSchema = JSON.stringify({
  fields: [field("USER_ID"), field("ACTION_ID"), field("EVENT_TYPE"), field("TIMESTAMP", "long")],
});

/** Actions stand for the items; what the same users did with items is the behaviour. */
function loadActions(task: DataTask): LoadedData {
  const dataset = datasetOf(task, "ACTION_INTERACTIONS");
  const [actions, users] = [entityRows(task, "ACTIONS"), entityRows(task, "USERS")];
  const none = { interactions: emptyTable(actionInteractionsSchema, "ACTION_INTERACTIONS"), events: indexEvents([]) };
  const ofItems = loadItems({ ...task, eventType: undefined, eventValueThreshold: undefined, events: undefined });
  const data = buildTrainingData({
    ...(dataset ? rowsOf(task, dataset) : none),
    ...(actions && { items: actions }),
    ...(users && { users }),
    filter: filterOf(task),
    excludedColumns: task.excludedColumns,
    with: "ACTIONS",
    moreUsers: ofItems.users,
  });
  if (data.items.length === 0) throw new DataFailure("Create failed. The Actions dataset has no actions.");
  const behaviour: TrainingData = { ...inOrderOf(ofItems, data.users), userColumns: data.userColumns };
  return { ...data, behaviour };
}

/** Throws DataFailure with the service's failureReason when the data are too few. */
export function loadTrainingData(task: DataTask, type: RecipeType): LoadedData {
  return type === "PERSONALIZED_ACTIONS" ? loadActions(task) : loadItems(task);
}
