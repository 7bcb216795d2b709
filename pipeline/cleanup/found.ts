/** What lies in a dataset group, as a cleanup sees it, and the order in which it can go. */

/** Each kind goes when nothing of the kinds before it is left: what serves, what listens, what was trained, what holds data. */
export const kinds = [
  "recommender",
  "campaign",
  "event tracker",
  "filter",
  "metric attribution",
  "solution",
  "dataset",
  "schema",
  "dataset group",
] as const;
export type Kind = (typeof kinds)[number];

/** Work that must end before the thing can be deleted. */
export interface Work {
  /** `training outrank-shop-main-0a1b2c/9f8e7d6c` */
  readonly what: string;
  readonly status: string;
  /** The version whose training StopSolutionVersionCreation would end; null where nothing can end the work. */
  readonly stoppable: string | null;
}

export interface Found {
  readonly kind: Kind;
  readonly name: string;
  readonly arn: string;
  /** The service's word; a schema has none and counts as ACTIVE. */
  readonly status: string;
  readonly failureReason: string | null;
  readonly work: readonly Work[];
  /** Of a campaign: the solution that it serves. */
  readonly solutionArn: string | null;
  /** Of a solution: when its newest version was begun, else when it was made itself; epoch milliseconds. */
  readonly usedAt: number;
}

/** A thing as reports name it. */
export interface Thing {
  readonly kind: Kind;
  readonly name: string;
}

export interface Kept extends Thing {
  readonly reason: string;
}

export const thing = ({ kind, name }: Thing): Thing => ({ kind, name });

export const inWords = ({ kind, name }: Thing): string => `${kind} ${name}`;

const byOrder = (a: Thing, b: Thing): number =>
  kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** In the order in which they go; by name within a kind. */
export const inOrder = <T extends Thing>(things: readonly T[]): T[] => [...things].sort(byOrder);
