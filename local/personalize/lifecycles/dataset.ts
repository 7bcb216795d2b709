/** How import jobs fill datasets and how a dataset changes its schema. */
import { change, find, type ControlPlane } from "../control-plane.ts";
import { importWork, type ImportWorkResult } from "./import-work.ts";
import { creation } from "./plain.ts";
import type { Lifecycle } from "./transitions.ts";

export function importJob(plane: ControlPlane): Lifecycle {
  const plain = creation(plane, "datasetImportJob");
  return {
    ...plain,
    work: (arn) => importWork(plane, arn),
    settle: (arn, outcome) => {
      plain.settle(arn, outcome);
      const dataset = plane.tables.dataset.get(find(plane, "datasetImportJob", arn).datasetArn);
      if (outcome.kind !== "succeeded" || dataset?.datasetType !== "INTERACTIONS") return;
      plane.side.newInteractions.put(dataset.datasetGroupArn, plane.clock.now());
      // With the settling, which happens once: the work may run twice.
      const { attributed, mode } = outcome.result as ImportWorkResult;
      if (mode === "INCREMENTAL") plane.attributions.noteAmounts(dataset.datasetGroupArn, attributed ?? []);
    },
  };
}

/** The old schema counts until the update is ACTIVE. */
export function datasetUpdate(plane: ControlPlane): Lifecycle {
  const changeUpdate = (arn: string, status: string) => {
    const dataset = find(plane, "dataset", arn);
    const latestDatasetUpdate = { ...dataset.latestDatasetUpdate, status, lastUpdatedDateTime: plane.clock.now() };
    plane.tables.dataset.put(arn, { ...dataset, latestDatasetUpdate });
  };
  return {
    enter: (arn) => changeUpdate(arn, "CREATE IN_PROGRESS"),
    settle: (arn) => {
      changeUpdate(arn, "ACTIVE");
      const { latestDatasetUpdate, schemaArn } = find(plane, "dataset", arn);
      change(plane, "dataset", arn, { schemaArn: latestDatasetUpdate?.schemaArn ?? schemaArn });
    },
  };
}
