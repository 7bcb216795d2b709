/** Writes a shop's files into a folder: `interactions.csv`, `users.csv`, `items.csv` and a `.schema.json` beside each. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { corrupt, type Corruption } from "./corrupt.ts";
import { toDatasetFiles } from "./personalize-files.ts";
import { continueShop, simulateShop, type ShopRequest } from "./simulate-shop.ts";

export interface WriteShopOptions extends ShopRequest {
  /** Only what happens in the weeks after `until`; all of the history up to it where absent. */
  readonly next?: { readonly weeks: number; readonly after?: number };
  readonly corruption?: Corruption;
}

export interface WrittenShop {
  readonly interactions: number;
  readonly users: number;
  readonly items: number;
  /** Paths of the three CSV files. */
  readonly files: readonly string[];
}

/** Whole or not at all, so that nobody picks up half a file. */
async function writeWhole(path: string, text: string): Promise<string> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
  return path;
}

/** Makes the folder when missing and replaces files of these names. */
export async function writeShop(directory: string, options: WriteShopOptions): Promise<WrittenShop> {
  const { next, corruption, ...request } = options;
  const shop = next ? continueShop(request, next) : simulateShop(request);
  const good = toDatasetFiles(shop);
  const files = corruption ? corrupt(good, corruption, request.seed) : good;
  await mkdir(directory, { recursive: true });
  const paths: string[] = [];
  for (const { name, csv, schema } of files) {
    await writeWhole(join(directory, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
    paths.push(await writeWhole(join(directory, `${name}.csv`), csv));
  }
  const { interactions, users, items } = shop;
  return { interactions: interactions.length, users: users.length, items: items.length, files: paths };
}
