/** Builders for the tests of Personalize's data plane: folders, schemas, CSV texts, and a recipe one can compute by hand. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { importDataset } from "../../local/personalize/data/import-dataset.ts";
import type { ImportTask } from "../../local/personalize/data/import-dataset.ts";
import type { ImportFile, ImportResult } from "../../local/personalize/job-runner.ts";
import type { Model, Recipe } from "../../local/recipes/recipe.ts";

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "outrank-data-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Every file of a folder but the manifest, whose training hours are of the day. */
export function contents(path: string): [string, string][] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "manifest.json")
    .map((entry): [string, string] => [entry.name, readFileSync(join(entry.parentPath, entry.name), "base64")])
    .sort();
}

type FieldSpec = readonly [name: string, type: unknown, attributes?: Readonly<Record<string, boolean>>];

export function avro(name: string, ...fields: readonly FieldSpec[]): string {
  const members = fields.map(([field, type, attributes]) => ({ name: field, type, ...attributes }));
  return JSON.stringify({
    type: "record",
    name,
    namespace: "com.amazonaws.personalize.schema",
    fields: members,
    version: "1.0",
  });
}

const key: FieldSpec[] = [
  ["USER_ID", "string"],
  ["ITEM_ID", "string"],
  ["TIMESTAMP", "long"],
];
export const plainInteractions = avro("Interactions", ...key);
/** Interactions with event types, and further columns. */
export const interactionsWith = (...more: readonly FieldSpec[]): string =>
  avro("Interactions", ...key, ["EVENT_TYPE", "string"], ...more);
export const typedInteractions = interactionsWith(
  ["EVENT_VALUE", ["null", "float"]],
  ["DEVICE", ["null", "string"], { categorical: true }],
);
export const itemSchema = avro(
  "Items",
  ["ITEM_ID", "string"],
  ["TITLE", ["null", "string"]],
  ["GENRES", ["null", "string"], { categorical: true }],
  ["PRICE", ["float", "null"]],
  ["CREATION_TIMESTAMP", ["null", "long"]],
);

export function csv(header: string, rows: Iterable<readonly (string | number)[]>): string {
  return `${header}\n${[...rows].map((row) => row.join(",")).join("\n")}\n`;
}

/** `users` x `perUser` rows: user u meets items u, u + 1, ... (mod items) at one second each, from `start` on. */
export function manyRows({ users = 100, perUser = 12, items = 40, start = 1_700_000_000 } = {}): [
  string,
  string,
  number,
][] {
  return Array.from({ length: users * perUser }, (_, row) => {
    const [u, n] = [Math.floor(row / perUser), row % perUser];
    return [`u${u}`, `i${(u + n) % items}`, start + 1000 * u + n];
  });
}

export function textFile(name: string, text: string): ImportFile {
  return {
    key: name,
    sizeBytes: Buffer.byteLength(text),
    open: () => Promise.resolve(Readable.from([Buffer.from(text)])),
  };
}

/** Runs one import without a thread; `chunk` cuts the bytes into pieces of that size. */
export function importTexts(
  folder: string,
  task: Partial<ImportTask> & Pick<ImportTask, "schema">,
  texts: Readonly<Record<string, string>>,
  chunk = 1 << 16,
): Promise<ImportResult> {
  const files = Object.entries(texts).map(([name, text]) => ({ key: name, bytes: Buffer.from(text) }));
  async function* read(index: number): AsyncIterable<Uint8Array> {
    const bytes = files[index]?.bytes ?? Buffer.alloc(0);
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const whole: ImportTask = {
    jobArn: "arn:aws:personalize:us-east-1:000000000000:dataset-import-job/first",
    datasetType: "INTERACTIONS",
    mode: "FULL",
    folder,
    files: files.map(({ key: name, bytes }) => ({ key: name, sizeBytes: bytes.length })),
    ...task,
  };
  return importDataset(whole, { read, progress: () => {} });
}

/** Recommends the items in index order; its "training" counts rows and may be told to wait or to fail. */
export function indexOrderRecipe(hooks: { readonly during?: (signal: AbortSignal) => Promise<void> } = {}): Recipe {
  const make = (items: readonly string[], eventTypes: readonly string[]): Model => ({
    recipe: "test-index-order",
    items,
    eventTypes,
    recommend: ({ count }) => items.slice(0, count).map((_, item) => ({ item })),
    rank: (_query, list) => Array.from(list, (item) => ({ item })).sort((a, b) => a.item - b.item),
  });
  return {
    name: "test-index-order",
    type: "USER_PERSONALIZATION",
    algorithm: [],
    featureTransformation: [],
    realTime: true,
    async train(data, _parameters, { signal, progress }) {
      progress({ fraction: 0.5, epoch: 1, epochs: 2, loss: 1 });
      await hooks.during?.(signal);
      return make(data.items, data.eventTypes);
    },
    save: ({ items, eventTypes }) => ({ facts: Buffer.from(JSON.stringify({ items, eventTypes })) }),
    load: ({ facts }) => {
      const { items, eventTypes } = JSON.parse(Buffer.from(facts ?? []).toString()) as Pick<
        Model,
        "items" | "eventTypes"
      >;
      return make(items, eventTypes);
    },
  };
}
