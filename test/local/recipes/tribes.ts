/** Users of two tribes, who keep to their tribe's items; what the items are is in their metadata, and some of them nobody has met. */
import { categoricalColumn } from "../../../local/recipes/features/categories.ts";
import { makeRandom } from "../../../local/recipes/network/random.ts";
import type { TrainingData } from "../../../local/recipes/recipe.ts";
import { dataOf } from "./training-data.ts";

const tribes = ["ants", "bees"] as const;
const itemsOfTribe = 12;
const nameOf = (tribe: number, n: number) => `${tribes[tribe]}-${String(n).padStart(2, "0")}`;

export const isStranger = (id: string): boolean => id.startsWith("new-");

/**
 * User u is of tribe u mod 2. Items are called ants-00, bees-00 and so on, and those that nobody has met new-ants-00, new-bees-00 ...
 *
 * @param strangers items that nobody has met, of both tribes together
 */
export function twoTribes({ strangers = 2, users = 120, seed = 3 } = {}): TrainingData {
  const random = makeRandom(seed);
  const walk = (tribe: number) =>
    Array.from({ length: 10 + random.below(10) }, () => nameOf(tribe, random.below(itemsOfTribe)));
  const histories = Array.from({ length: users }, (_, u) => walk(u % 2));
  const unmet = Array.from({ length: strangers }, (_, n) => `new-${nameOf(n % 2, n >> 1)}`);
  const data = dataOf(histories, unmet);
  const tribe = (id: string) => (id.includes("ants") ? "ants" : "bees");
  return {
    ...data,
    itemColumns: [categoricalColumn("TRIBE", data.items.map(tribe), data.items.length)],
    userColumns: [
      categoricalColumn(
        "NEST",
        data.users.map((_, u) => (u % 2 === 0 ? "hill" : "hive")),
        users,
      ),
    ],
  };
}
