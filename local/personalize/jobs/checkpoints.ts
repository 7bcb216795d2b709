/**
 * What a training that may be killed leaves beside its model folder: `<model folder>.checkpoints/<part>/<number>`, sealed folders of
 * which the newest counts. Each names the training it is of (version, data, parameters, seed), so that another never goes on
 * from it. A damaged one is as good as none: the training begins anew. All of it goes when the training has ended.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Checkpoints, TrainingData } from "../../recipes/recipe.ts";
import { readChecked } from "../data/column-file.ts";
import type { FileCheck } from "../data/column-file.ts";
import { openTemporary, readSealedJson, seal } from "../data/sealed-folder.ts";
import { writeWhole } from "../data/table-writer.ts";

interface Manifest {
  readonly key: string;
  readonly blobs: readonly string[];
  readonly files: Readonly<Record<string, FileCheck>>;
}

export interface CheckpointFolder {
  /** @param part a name for what has checkpoints of its own; @param key what must be the same for them to count */
  of(part: string, key: string): Checkpoints;
  /** Forgets one part, which has ended. */
  drop(part: string): void;
  remove(): void;
}

const bytesOf = (array: NodeJS.TypedArray) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Differs whenever a training would learn from other interactions. */
export function fingerprintOf(data: TrainingData): string {
  let check = 0;
  const add = (array: NodeJS.TypedArray) => (check = crc32(bytesOf(array), check));
  for (const array of [data.offsets, data.item, data.timestamp, data.eventType, data.eventValue]) add(array);
  if (data.eventWeight) add(data.eventWeight);
  for (const names of [data.users, data.items, data.eventTypes]) check = crc32(names.join("\n"), check);
  const behaviour = data.behaviour ? `-${fingerprintOf(data.behaviour)}` : "";
  return `${check.toString(16).padStart(8, "0")}${behaviour}`;
}

const numbersIn = (folder: string): number[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => b - a);

function readOne(folder: string, key: string): Record<string, Uint8Array> | undefined {
  try {
    const manifest = readSealedJson(join(folder, "manifest.json")) as Manifest | undefined;
    if (manifest?.key !== key) return undefined;
    return Object.fromEntries(
      manifest.blobs.map((name) => [name, new Uint8Array(readChecked(folder, name, manifest.files[name]))]),
    );
  } catch {
    return undefined; // damaged: as if it were not there
  }
}

export function openCheckpoints(modelFolder: string): CheckpointFolder {
  const root = `${modelFolder}.checkpoints`;
  return {
    of(part, key) {
      const folder = join(root, part);
      return {
        load() {
          for (const number of numbersIn(folder)) {
            const found = readOne(join(folder, String(number)), key);
            if (found) return found;
          }
          return undefined;
        },
        save(blobs) {
          const [newest = 0, ...older] = numbersIn(folder);
          const next = join(folder, String(newest + 1));
          const temporary = openTemporary(next);
          const files = Object.fromEntries(
            Object.entries(blobs).map(([name, bytes]) => [name, writeWhole(temporary, name, bytes)]),
          );
          seal(temporary, next, { key, blobs: Object.keys(blobs), files } satisfies Manifest);
          for (const old of [newest, ...older]) rmSync(join(folder, String(old)), { recursive: true, force: true });
        },
      };
    },
    drop: (part) => rmSync(join(root, part), { recursive: true, force: true }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
