/**
 * A trained version on disk: the recipe's blobs, the histories it was trained on, popularity, and its result, in one
 * sealed folder (see ../data/sealed-folder.ts) that is there whole or not at all, every file under a CRC32. A blob is read, and
 * checked, when the recipe first looks at it.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { countDistinctUsers, popularityOf } from "../../recipes/popularity.ts";
import type { Model, Recipe, TrainingData } from "../../recipes/recipe.ts";
import type { FileCheck } from "../data/column-file.ts";
import { readChecked } from "../data/column-file.ts";
import { createDictionary } from "../data/dictionary.ts";
import { openTemporary, readSealedJson, seal } from "../data/sealed-folder.ts";
import { folderName } from "../data/stored-table.ts";
import { writeDictionary, writeWhole } from "../data/table-writer.ts";
import type { RowFilter } from "../data/event-rules.ts";
import type { TrainingResult } from "../job-runner.ts";

export interface ModelManifest {
  readonly format: 1;
  readonly solutionVersionArn: string;
  readonly datasetGroupArn: string;
  readonly recipe: string;
  readonly filter: RowFilter;
  /** Event types of the histories, by code. */
  readonly eventTypes: readonly string[];
  readonly blobs: readonly string[];
  readonly result: TrainingResult;
  readonly files: Readonly<Record<string, FileCheck>>;
}

export function modelFolder(dataDir: string, solutionVersionArn: string): string {
  return join(dataDir, "models", folderName(solutionVersionArn));
}

/** Names the process that trains it, as long as one does. */
export const trainerFile = (folder: string): string => `${folder}.process`;

const currentFormat = 1;

/** Undefined before the training has finished; throws for a model in a format that this version does not know. */
export function readModelManifest(folder: string): ModelManifest | undefined {
  const manifest = readSealedJson(join(folder, "manifest.json")) as ModelManifest | undefined;
  const format: number | undefined = manifest?.format;
  if (manifest && format !== currentFormat) {
    throw new Error(
      `${folder} holds a model in format ${format}, and this version reads ${currentFormat}: train a new solution version`,
    );
  }
  return manifest;
}

export function readModelFile(folder: string, { files }: ModelManifest, name: string): ArrayBuffer {
  return readChecked(folder, name, files[name]);
}

function writeHistories(folder: string, data: TrainingData): Record<string, FileCheck> {
  const users = createDictionary();
  for (const user of data.users) users.addText(user);
  return {
    ...writeDictionary(folder, "users", users),
    "users.slots": writeWhole(folder, "users.slots", users.freeze().slots ?? new Int32Array()),
    offsets: writeWhole(folder, "offsets", data.offsets),
    items: writeWhole(folder, "items", data.item),
    times: writeWhole(folder, "times", data.timestamp),
    types: writeWhole(folder, "types", Uint32Array.from(data.eventType)),
    popular: writeWhole(folder, "popular", popularityOf(countDistinctUsers(data)).order),
  };
}

/** @param data everything the version may know of, the evaluation's test users included */
export function writeModel(
  dataDir: string,
  manifest: Omit<ModelManifest, "format" | "blobs" | "files" | "eventTypes">,
  blobs: Readonly<Record<string, Uint8Array>>,
  data: TrainingData,
): void {
  const folder = modelFolder(dataDir, manifest.solutionVersionArn);
  const temporary = openTemporary(folder);
  try {
    const files = writeHistories(temporary, data);
    for (const [name, bytes] of Object.entries(blobs))
      files[`blob-${name}`] = writeWhole(temporary, `blob-${name}`, bytes);
    const whole: ModelManifest = {
      ...manifest,
      format: currentFormat,
      blobs: Object.keys(blobs),
      eventTypes: data.eventTypes,
      files,
    };
    seal(temporary, folder, whole);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The recipe's model out of its blobs; throws for a recipe that does not exist any more and for damaged files. */
export function loadModel(folder: string, manifest: ModelManifest, recipes: Readonly<Record<string, Recipe>>): Model {
  const recipe = recipes[manifest.recipe];
  if (!recipe)
    throw new Error(`${manifest.solutionVersionArn} was trained with ${manifest.recipe}, which does not exist`);
  return recipe.load(lazyBlobs(folder, manifest));
}

/** Each blob under its name, read at its first use and kept from then on. */
function lazyBlobs(folder: string, manifest: ModelManifest): Record<string, Uint8Array> {
  const blobs: Record<string, Uint8Array> = {};
  for (const name of manifest.blobs) {
    let read: Uint8Array | undefined;
    const get = () => (read ??= new Uint8Array(readModelFile(folder, manifest, `blob-${name}`)));
    Object.defineProperty(blobs, name, { enumerable: true, get });
  }
  return blobs;
}
