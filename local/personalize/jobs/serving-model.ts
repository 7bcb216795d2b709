/** Opens a finished version for serving: the recipe's model, the maps from ids to its indices, everybody's histories. */
import type { History, Model, Recipe } from "../../recipes/recipe.ts";
import { verifyFile } from "../data/column-file.ts";
import { createDictionary } from "../data/dictionary.ts";
import type { StreamedEvents } from "../data/streamed-rows.ts";
import { passes } from "../data/event-rules.ts";
import { openColumn } from "../data/user-histories.ts";
import type { ColumnRange } from "../data/user-histories.ts";
import type { ServingModel, StreamedEvent } from "../job-runner.ts";
import { loadModel, modelFolder, readModelFile, readModelManifest } from "./model-files.ts";
import type { ModelManifest } from "./model-files.ts";
import { rememberHistories, usersRemembered } from "./remembered-histories.ts";

export interface ServingPorts {
  readonly dataDir: string;
  readonly recipes: Readonly<Record<string, Recipe>>;
  /** The group's streamed events as they are when asked. */
  readonly events: (datasetGroupArn: string, type: "INTERACTIONS" | "ACTION_INTERACTIONS") => StreamedEvents;
  /** Positions of users whose histories are not served any more; none by default. */
  readonly hidden?: ReadonlySet<number>;
  /** Opens one of the model's columns, by default from disk. */
  readonly open?: (folder: string, name: string) => ColumnRange;
}

interface Event {
  readonly item: number;
  readonly timestamp: number;
  readonly eventType: number;
}

/** Both sorted by time; of equal times the stored one comes first. Streamed events that were trained on are stored too. */
function merge(stored: readonly Event[], streamed: readonly Event[]): Event[] {
  const key = ({ item, timestamp, eventType }: Event) => `${item} ${timestamp} ${eventType}`;
  const known = new Set(stored.map(key));
  return [...stored, ...streamed.filter((event) => !known.has(key(event)))].sort((a, b) => a.timestamp - b.timestamp);
}

function toHistory(events: readonly Event[]): History {
  return {
    item: Uint32Array.from(events, ({ item }) => item),
    timestamp: Float64Array.from(events, ({ timestamp }) => timestamp),
    eventType: Uint16Array.from(events, ({ eventType }) => eventType),
  };
}

function joined(a: History, b: History): History {
  const length = a.item.length + b.item.length;
  const both = {
    item: new Uint32Array(length),
    timestamp: new Float64Array(length),
    eventType: new Uint16Array(length),
  };
  for (const name of ["item", "timestamp", "eventType"] as const) {
    both[name].set(a[name]);
    both[name].set(b[name], a.item.length);
  }
  return both;
}

/** @param news sorted by time; those of the history's last second may have been trained on, unless they differ from all of it */
function comesBehind({ item, timestamp, eventType }: History, news: readonly Event[]): boolean {
  const newest = timestamp.at(-1) ?? Infinity;
  if (news[0]!.timestamp < newest) return false;
  for (let at = timestamp.length - 1; at >= 0 && timestamp[at] === newest; at--) {
    const isThere = (event: Event) =>
      event.timestamp === newest && event.item === item[at] && event.eventType === eventType[at];
    if (news.some(isThere)) return false;
  }
  return true;
}

const columnNames = ["items", "times", "types"];

function openHistories(folder: string, manifest: ModelManifest, model: Model, open = openColumn) {
  const read = (name: string) => readModelFile(folder, manifest, name);
  const users = createDictionary({
    from: {
      bytes: new Uint8Array(read("users.texts")),
      ends: new Uint32Array(read("users.ends")),
      ...(manifest.files["users.slots"] && { slots: new Int32Array(read("users.slots")) }),
    },
  });
  const offsets = new Uint32Array(read("offsets"));
  for (const name of columnNames) verifyFile(folder, name, manifest.files[name]);
  const [items, times, types] = columnNames.map((name) => open(folder, name));
  const typeCodes = manifest.eventTypes.map((type) => codeOf(model, type));
  function of(user: number): History {
    const [from, to] = [offsets[user] as number, offsets[user + 1] as number];
    return {
      item: items?.uint32(from, to) ?? new Uint32Array(),
      timestamp: times?.float64(from, to) ?? new Float64Array(),
      eventType: Uint16Array.from(types?.uint32(from, to) ?? [], (type) => typeCodes[type] as number),
    };
  }
  const close = () => [items, times, types].forEach((column) => column?.close());
  return { userIndex: (userId: string) => users.find(userId), of, close };
}

function codeOf(model: Model, eventType: string): number {
  const code = model.eventTypes.indexOf(eventType);
  return code < 0 ? model.eventTypes.length : code;
}

export function openServingModel(solutionVersionArn: string, ports: ServingPorts): ServingModel {
  const { dataDir, recipes, hidden = new Set() } = ports;
  const folder = modelFolder(dataDir, solutionVersionArn);
  const manifest = readModelManifest(folder);
  if (!manifest) throw new Error(`${solutionVersionArn} has no model files in ${folder}: train a new solution version`);
  const model = loadModel(folder, manifest, recipes);
  const indices = new Map(model.items.map((id, index) => [id, index]));
  const popular = new Uint32Array(readModelFile(folder, manifest, "popular"));
  // Last, because it leaves files open: nothing that can fail comes after it.
  const histories = openHistories(folder, manifest, model, ports.open);

  const isOfActions = recipes[manifest.recipe]?.type === "PERSONALIZED_ACTIONS";
  const events = () => ports.events(manifest.datasetGroupArn, isOfActions ? "ACTION_INTERACTIONS" : "INTERACTIONS");

  function known(streamed: readonly StreamedEvent[]): Event[] {
    return streamed.flatMap(({ itemId, timestamp, eventType, eventValue }) => {
      const item = itemId === undefined ? undefined : indices.get(itemId);
      const trains = passes(manifest?.filter ?? {}, eventType, eventValue);
      return item === undefined || !trains ? [] : [{ item, timestamp, eventType: codeOf(model, eventType) }];
    });
  }

  function read(userId: string, streamed: readonly StreamedEvent[]): History | undefined {
    const user = userIndex(userId);
    const stored = user === undefined ? undefined : histories.of(user);
    const news = known(streamed);
    if (news.length === 0) return stored;
    const before = Array.from(stored?.item ?? [], (item, row) => ({
      item,
      timestamp: stored?.timestamp[row] as number,
      eventType: stored?.eventType[row] as number,
    }));
    return toHistory(merge(before, news));
  }

  /** Not before anything that is there, nor the same as it: nothing has to be merged. */
  function extend(history: History, streamed: readonly StreamedEvent[]): History | undefined {
    const news = known(streamed);
    if (news.length === 0 || !comesBehind(history, news)) return undefined;
    return { ...joined(history, toHistory(news)), before: new WeakRef(history) };
  }

  /** Who was deleted since is a stranger. */
  function userIndex(userId: string): number | undefined {
    const user = histories.userIndex(userId);
    return user === undefined || hidden.has(user) ? undefined : user;
  }

  const streamedFor = (userId: string) => events().of(userId);

  return {
    model,
    itemIndex: (itemId) => indices.get(itemId),
    userIndex,
    history: rememberHistories(usersRemembered(model.items.length), streamedFor, { read, extend }, () => hidden.size),
    eventsBetween(after, until) {
      const recent = [...events().all()].filter(({ timestamp }) => timestamp > after && timestamp <= until);
      const { item, timestamp } = toHistory(known(recent).sort((a, b) => a.timestamp - b.timestamp));
      return { item, timestamp };
    },
    popular,
    close: histories.close,
  };
}
