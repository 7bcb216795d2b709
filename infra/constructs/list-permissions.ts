/** What Personalize lets nobody narrow. */
import type { Permission } from "./permission.ts";

const unnamedLists = "Personalize's List calls know no narrower resource; they read names and states, nothing else";
export const listImportJobs: Permission = {
  actions: ["personalize:ListDatasetImportJobs"],
  resources: ["*"],
  because: unnamedLists,
};
export const listSolutionVersions: Permission = {
  actions: ["personalize:ListSolutionVersions"],
  resources: ["*"],
  because: unnamedLists,
};

export const listEventTrackers: Permission = {
  actions: ["personalize:ListEventTrackers"],
  resources: ["*"],
  because: unnamedLists,
};
