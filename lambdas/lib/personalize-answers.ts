/** What Personalize's answers mean to a reconciler: absent is null, "exists already" is a success. */
import type { TagList } from "../../pipeline/config/tags.ts";

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

export async function orNull<T>(described: Promise<T>): Promise<T | null> {
  try {
    return await described;
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return null;
    throw error;
  }
}

/** Another call of ours was faster, or an answer was lost: either way it is there. */
export async function orExists(created: Promise<unknown>): Promise<void> {
  try {
    await created;
  } catch (error) {
    if (!isNamed(error, "ResourceAlreadyExistsException")) throw error;
  }
}

/** Absent where there are none: who names no tags needs no permission to tag. */
export const labels = (tags: TagList): { tags?: TagList } => (tags.length === 0 ? {} : { tags });
