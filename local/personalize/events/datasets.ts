/** Where sent records go: the ACTIVE dataset behind a tracking id or an ARN. */
import { find, those, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, ResourceInUseException, ResourceNotFoundException } from "../errors.ts";
import type { Rows } from "../model.ts";

/** The Interactions dataset of the tracker's group. PutEvents models no other error than InvalidInput. */
export function interactionsBehind(plane: ControlPlane, trackingId: string): Rows["dataset"] {
  const [tracker] = those(plane, "eventTracker", (row) => row.trackingId === trackingId);
  if (tracker?.status !== "ACTIVE") {
    throw new InvalidInputException(`There is no ACTIVE event tracker with the tracking id ${trackingId}.`);
  }
  const { datasetGroupArn } = tracker;
  const [dataset] = those(
    plane,
    "dataset",
    (row) => row.datasetGroupArn === datasetGroupArn && row.datasetType === "INTERACTIONS" && row.status === "ACTIVE",
  );
  if (!dataset)
    throw new InvalidInputException(`${datasetGroupArn} has no ACTIVE Interactions dataset to send events to.`);
  return dataset;
}

/** The Action_Interactions dataset whose own tracking id this is. */
export function actionInteractionsBehind(plane: ControlPlane, trackingId: string): Rows["dataset"] {
  const [dataset] = those(plane, "dataset", (row) => row.trackingId === trackingId);
  if (!dataset) throw new ResourceNotFoundException(trackingId, 404);
  return datasetOfType(plane, dataset.datasetArn, "ACTION_INTERACTIONS");
}

export function datasetOfType(plane: ControlPlane, datasetArn: string, datasetType: string): Rows["dataset"] {
  const dataset = plane.tables.dataset.get(datasetArn);
  if (!dataset) throw new ResourceNotFoundException(datasetArn, 404);
  if (dataset.datasetType !== datasetType) {
    throw new InvalidInputException(`${datasetArn} is a dataset of ${dataset.datasetType}, not of ${datasetType}.`);
  }
  if (dataset.status !== "ACTIVE") {
    throw new ResourceInUseException(`The dataset ${datasetArn} is ${dataset.status}. Please try again later.`, 409);
  }
  return dataset;
}

export const schemaOf = (plane: ControlPlane, dataset: Rows["dataset"]): string =>
  find(plane, "schema", dataset.schemaArn).schema;

interface Sent {
  readonly trackingId?: string;
  readonly datasetArn?: string;
}

/** What CloudWatch counts sent records under; undefined when there is no such dataset or tracker. */
export const sentTo =
  (plane: ControlPlane) =>
  ({ trackingId, datasetArn }: Sent): Readonly<Record<string, string>> | undefined => {
    if (datasetArn !== undefined) return dimensionsOf(plane.tables.dataset.get(datasetArn));
    const [tracker] = those(plane, "eventTracker", (row) => row.trackingId === trackingId);
    if (!tracker) return dimensionsOf(those(plane, "dataset", (row) => row.trackingId === trackingId)[0]);
    const { datasetGroupArn: DatasetGroupArn, eventTrackerArn: EventTrackerArn } = tracker;
    return { DatasetGroupArn, DatasetArn: interactionsArnOf(DatasetGroupArn), EventTrackerArn };
  };

const dimensionsOf = (dataset: Rows["dataset"] | undefined) =>
  dataset && { DatasetGroupArn: dataset.datasetGroupArn, DatasetArn: dataset.datasetArn };

/** A dataset's ARN is its group's with the type behind it. */
const interactionsArnOf = (group: string) => `${group.replace(":dataset-group/", ":dataset/")}/INTERACTIONS`;
