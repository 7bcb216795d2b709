/** What can bear tags, and how many. Schemas cannot; what is being deleted cannot any more. */
import type { Operation } from "../cloud/ports/service.ts";
import type { ControlPlane } from "./control-plane.ts";
import {
  InvalidInputException,
  ResourceInUseException,
  ResourceNotFoundException,
  TooManyTagsException,
} from "./errors.ts";
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
  const [row] = candidates.flatMap((kind) => plane.tables[kind].get(arn) ?? []);
  if (!row) throw new ResourceNotFoundException(arn);
  if ("status" in row && row.status.startsWith("DELETE ")) {
    throw new ResourceInUseException(`${arn} is ${row.status}: its tags go with it.`);
  }
}

/** Refuses tags that no resource can have: a key twice, or one that AWS keeps for itself. */
export function assertTagsFit(tags: readonly TagPair[]): void {
  const keys = tags.map(({ tagKey }) => tagKey);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new InvalidInputException(`The tag key ${twice} is given more than once.`);
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) {
    throw new InvalidInputException(`The tag key ${reserved} begins with aws:, which is reserved.`);
  }
}

/** The operations of the control plane, refusing a creation whose tags do not fit before anything of it is done. */
export const checkingTags = (
  operations: Readonly<Record<string, Operation>>,
  quota: number,
): Record<string, Operation> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [
      name,
      (input: { readonly tags?: readonly TagPair[] }, context) => {
        if (input?.tags && name.startsWith("Create")) {
          assertTagsFit(input.tags);
          withTags("The new resource", [], input.tags, quota);
        }
        return run(input, context);
      },
    ]),
  );

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
