/** A year of the simulated shop, with its items' categories and prices and its users' groups. */
import type { LoadedData } from "../../local/personalize/data/training-data.ts";
import { simulateShop } from "../../local/shop/simulate-shop.ts";
import { columnsOf } from "./columns.ts";

const endsAt = Date.UTC(2026, 0, 1) / 1000;

export function simulatedShop(): LoadedData {
  const { interactions, items, users } = simulateShop({ until: endsAt });
  return columnsOf(
    interactions.map(({ userId, itemId, ...event }) => ({ ...event, user: userId, item: itemId })),
    {
      items: new Map(
        items.map(({ id, categories, price }) => [id, { CATEGORY_L1: categories.join("|"), PRICE: price }]),
      ),
      users: new Map(
        users.map(({ id, ageGroup, membership }) => [id, { AGE_GROUP: ageGroup, MEMBERSHIP: membership }]),
      ),
      itemCreated: new Map(items.map(({ id, createdAt }) => [id, createdAt])),
    },
  );
}
