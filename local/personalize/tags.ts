/** What can bear tags, and how many. Schemas cannot. */
import type { ControlPlane } from "./control-plane.ts";
import { InvalidInputException, ResourceNotFoundException, TooManyTagsException } from "./errors.ts";
import { kinds, type Kind } from "./model.ts";

export interface TagPair {
  readonly tagKey: string;
  readonly tagValue: string;
}

export function assertTaggable(plane: ControlPlane, arn: string): void {
  const segment = arn.split(":")[5]?.split("/")[0];
  const candidates = (Object.keys(kinds) as Kind[]).filter((kind) => kinds[kind].segment === segment);
  if (candidates.length === 0 || candidates.includes("schema")) {
    throw new InvalidInputException(`${arn} is not the Arn of a resource that can have tags.`);
  }
  if (!candidates.some((kind) => plane.tables[kind].has(arn))) throw new ResourceNotFoundException(arn);
}

/** The tags with more added, a new value replacing the old one. Pure. */
export function withTags(
  arn: string,
  before: readonly Partial<TagPair>[],
  added: readonly TagPair[],
  quota: number,
): TagPair[] {
  const byKey = new Map<string, string>();
  for (const { tagKey = "", tagValue = "" } of [...before, ...added]) byKey.set(tagKey, tagValue);
  if (byKey.size > quota) throw new TooManyTagsException(arn, quota);
  return [...byKey].map(([tagKey, tagValue]) => ({ tagKey, tagValue }));
}
