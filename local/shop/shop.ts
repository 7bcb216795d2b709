/** What a storefront can export: who, what, when. Nothing of how the simulator decided is in these rows. */

export type EventType = "view" | "cart" | "purchase";

export interface Interaction {
  readonly userId: string;
  readonly itemId: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly eventType: EventType;
}

export interface User {
  readonly id: string;
  readonly ageGroup: string;
  readonly membership: string;
}

export interface Item {
  readonly id: string;
  readonly title: string;
  /** Department, then kind. */
  readonly categories: readonly string[];
  readonly price: number;
  /** Epoch seconds. */
  readonly createdAt: number;
}

export interface Shop {
  /** Oldest first. */
  readonly interactions: readonly Interaction[];
  readonly users: readonly User[];
  readonly items: readonly Item[];
}

export interface ShopOptions {
  readonly seed: number;
  /** How many users and items there are when the first year ends. */
  readonly users: number;
  readonly items: number;
  readonly weeks: number;
  /** Mean number of interactions of a user over the weeks. */
  readonly interactionsPerUser: number;
  /** Epoch seconds at which the weeks end. */
  readonly until: number;
}

export const defaultShop = { seed: 1, users: 2000, items: 1500, weeks: 52, interactionsPerUser: 60 } as const;

export const weekSeconds = 7 * 24 * 3600;
