/**
 * Users that a data deletion job has removed and older models still know: their histories are not served any more. Kept beside the
 * model's folder by the users' positions in it, never by their ids.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createDictionary } from "../data/dictionary.ts";
import { readSealedJson, writeSealedJson } from "../data/sealed-folder.ts";
import { folderName } from "../data/stored-table.ts";
import { readModelFile, readModelManifest } from "./model-files.ts";

export interface HiddenUsers {
  /** Positions in the model's own list of users. The same set each time; it grows when more are hidden. */
  of(modelArn: string): ReadonlySet<number>;
  /** Hides those listed in every model of the group; durable when it returns. */
  hide(datasetGroupArn: string, isListed: (userId: string) => boolean): void;
  forget(modelArn: string): void;
}

export function createHiddenUsers(dataDir: string): HiddenUsers {
  const models = join(dataDir, "models");
  const sets = new Map<string, Set<number>>();
  const pathOf = (folder: string) => join(models, `${folder}.hidden.json`);

  function setOf(folder: string): Set<number> {
    let found = sets.get(folder);
    if (!found) {
      found = new Set((readSealedJson(pathOf(folder)) as readonly number[] | undefined) ?? []);
      sets.set(folder, found);
    }
    return found;
  }

  function hideIn(folder: string, datasetGroupArn: string, isListed: (userId: string) => boolean): void {
    const path = join(models, folder);
    const manifest = readModelManifest(path);
    if (manifest?.datasetGroupArn !== datasetGroupArn) return;
    const users = createDictionary({
      from: {
        bytes: new Uint8Array(readModelFile(path, manifest, "users.texts")),
        ends: new Uint32Array(readModelFile(path, manifest, "users.ends")),
      },
    });
    const hidden = setOf(folder);
    const before = hidden.size;
    for (let user = 0; user < users.size; user++) if (isListed(users.text(user))) hidden.add(user);
    if (hidden.size > before) writeSealedJson(pathOf(folder), [...hidden]);
  }

  return {
    of: (modelArn) => setOf(folderName(modelArn)),
    hide(datasetGroupArn, isListed) {
      const folders = existsSync(models) ? readdirSync(models, { withFileTypes: true }) : [];
      for (const entry of folders) {
        if (entry.isDirectory() && !entry.name.endsWith(".new")) hideIn(entry.name, datasetGroupArn, isListed);
      }
    },
    forget(modelArn) {
      sets.delete(folderName(modelArn));
      rmSync(pathOf(folderName(modelArn)), { force: true });
    },
  };
}
