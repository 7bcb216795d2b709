/**
 * The work of a batch segment job: for each line the users most interested in an item, or in items with attributes, best first. Users
 * whom the training knew and a data deletion job has removed since are never among them.
 */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { SegmentQuery } from "../../recipes/recipe.ts";
import { parseAttributes } from "../batch/attribute-expression.ts";
import { faultLine } from "../batch/lines.ts";
import { isSegmentRecipe, parseSegmentLine, segmentLine, type SegmentRequest } from "../batch/segment-lines.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import { intersect } from "../filters/bitmaps.ts";
import type { ServingModel } from "../job-runner.ts";
import type { Rows } from "../model.ts";
import { parseSchema } from "../schema/avro-schema.ts";
import { allowedUsers } from "../serving/filtering.ts";
import type { Serving } from "../serving/open.ts";
import { batchWork, forgettingProgress } from "./batch-work.ts";
import { creation } from "./plain.ts";
import { dropUnservedModels } from "./served-models.ts";
import { datasetsOf, recipeNameOf } from "./training-work.ts";
import type { Lifecycle } from "./transitions.ts";

const defaultCount = 25;

export const batchSegmentJob = (plane: ControlPlane): Lifecycle => ({
  ...forgettingProgress(plane, creation(plane, "batchSegmentJob")),
  work: (jobArn) => {
    const job = find(plane, "batchSegmentJob", jobArn);
    const { recipeArn } = find(plane, "solutionVersion", job.solutionVersionArn);
    const { itemSegmentsPerFile, attributeSegmentsPerFile } = plane.settings.quotas;
    const isOfItems = recipeNameOf(recipeArn) === "aws-item-affinity";
    return batchWork(plane, {
      ...{ jobArn, job, session: "PersonalizeBatchSegment" },
      recordsPerFile: isOfItems ? itemSegmentsPerFile : attributeSegmentsPerFile,
      answering: (version) => segmentsFrom(plane, version, job),
    });
  },
  afterwards: () => dropUnservedModels(plane),
});

/** What a line may end with, said in that line. */
class LineFault extends Error {}

function segmentsFrom(plane: ControlPlane, version: Serving, job: Rows["batchSegmentJob"]) {
  const { recipe, serving, datasetGroupArn } = version;
  const { model } = serving;
  const { name } = recipe;
  const users = model.userIds;
  if (!isSegmentRecipe(name) || !model.segment || !users) throw new Error(`${version.arn} makes no segments`);
  const columns = itemColumns(plane, datasetGroupArn);
  const present = presentUsers(serving, users);
  const count = job.numResults ?? defaultCount;
  const answer = (text: string): string => {
    const line = parseSegmentLine(text, name);
    if (line.kind === "fault") return faultLine(line.input, line.fault);
    try {
      const { filterArn } = job;
      const filter = filterArn === undefined ? {} : { filterArn, filterValues: line.request.filterValues };
      const filtered = allowedUsers(plane, datasetGroupArn, filter, users);
      const allowed = filtered ? intersect(Uint8Array.from(present), filtered) : present;
      const query: SegmentQuery = { ...about(serving, line.request, columns), count, allowed };
      const found = model.segment?.(query) ?? [];
      return segmentLine(line.input, found.map(({ user }) => users[user] ?? "")); // prettier-ignore
    } catch (error) {
      if (error instanceof LineFault || error instanceof AwsError) return faultLine(line.input, error.message);
      throw error;
    }
  };
  return (lines: readonly string[]) => lines.map(answer);
}

/** Whom the line asks for. */
function about(
  { itemIndex }: ServingModel,
  { itemId, itemAttributes = "" }: SegmentRequest,
  columns: readonly string[],
): Pick<SegmentQuery, "item" | "attributes"> {
  if (itemId === undefined) {
    const parsed = parseAttributes(itemAttributes, columns);
    if (parsed.kind === "invalid") throw new LineFault(parsed.fault);
    return { attributes: parsed.attributes };
  }
  const item = itemIndex(itemId);
  if (item === undefined) throw new LineFault(`The solution version knows no item ${itemId}.`);
  return { item };
}

/** Bitmap of the model's users who are still there. */
function presentUsers({ userIndex }: ServingModel, users: readonly string[]): Uint8Array {
  const bitmap = new Uint8Array((users.length + 7) >> 3);
  users.forEach((id, user) => {
    if (userIndex(id) !== undefined) bitmap[user >> 3]! |= 1 << (user & 7);
  });
  return bitmap;
}

function itemColumns(plane: ControlPlane, datasetGroupArn: string): string[] {
  const items = datasetsOf(plane, datasetGroupArn).find(({ datasetType }) => datasetType === "ITEMS");
  const verdict = items && parseSchema(items.schema);
  if (verdict?.kind !== "valid") return [];
  return verdict.schema.fields.map(({ name }) => name).filter((name) => name !== "ITEM_ID");
}
