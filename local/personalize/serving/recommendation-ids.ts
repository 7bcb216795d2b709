/**
 * Recommendation ids tell whose answer they name without anybody remembering it: eight of their digits are a mark of the campaign's or
 * recommender's ARN. At most 40 characters, as events may send. Pure.
 */
import { createHash } from "node:crypto";

const shape = /^RID-([\da-f]{8})-/;

export const markOf = (arn: string): string => createHash("sha256").update(arn).digest("hex").slice(0, 8);

/** @param uuid makes it unique; its first eight digits give way to the mark */
export const recommendationIdOf = (mark: string, uuid: string): string => `RID-${mark}${uuid.slice(8)}`;

/** Undefined for an id that was not made here. */
export const markIn = (recommendationId: string): string | undefined => shape.exec(recommendationId)?.[1];
