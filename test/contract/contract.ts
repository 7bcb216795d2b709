/**
 * The contract of Amazon Personalize as data: for each operation what a success looks like, and for every error that the official model
 * lists for it, what brings it about. Cases know nothing of where they run: against the embedded cloud, or with OUTRANK_REMOTE=1
 * against the service itself (see README.md beside this file).
 */
import type { World } from "./world/world.ts";

export type ErrorName =
  | "InvalidInputException"
  | "ResourceNotFoundException"
  | "ResourceAlreadyExistsException"
  | "LimitExceededException"
  | "ResourceInUseException"
  | "TooManyTagsException"
  | "TooManyTagKeysException"
  | "InvalidNextTokenException";

type Run = (world: World) => Promise<unknown>;

export interface Case {
  readonly run: Run;
  /** Trains, deploys or imports: on the service it takes an hour or money, and runs only with OUTRANK_REMOTE_COSTLY=1. */
  readonly costly?: true;
  /** Fills a quota up: runs in a cloud of its own with low quotas. */
  readonly crowded?: true;
  /** Needs this recipe to be trainable. */
  readonly recipe?: string;
}

/** Cases by the sentence that says why. */
export type Cases = Readonly<Record<string, Case | Run>>;

/** The model lists this error, and nothing public says what would bring it about. */
export interface NoKnownCondition {
  readonly noKnownCondition: string;
}

export interface OperationContract {
  readonly succeeds: Cases;
  readonly refuses: Readonly<Partial<Record<ErrorName, Cases | NoKnownCondition>>>;
}

export type Contract = Readonly<Record<string, OperationContract>>;

export const costly = (run: Run): Case => ({ run, costly: true });
export const crowded = (run: Run): Case => ({ run, crowded: true, costly: true });
export const withRecipe = (recipe: string, run: Run): Case => ({ run, recipe, costly: true });

export const caseOf = (given: Case | Run): Case => (typeof given === "function" ? { run: given } : given);

export const isUnknown = (given: Cases | NoKnownCondition): given is NoKnownCondition => "noKnownCondition" in given;

/** Calls the operation with more and more names until something refuses it. */
export async function untilRefused(create: (count: number) => Promise<unknown>, most = 600): Promise<never> {
  for (let count = 0; count < most; count++) await create(count);
  throw new Error(`${most} were made and none was refused`);
}

/** 51 tags, where 50 are allowed. */
export const tooManyTags = Array.from({ length: 51 }, (_, i) => ({ tagKey: `key-${i}`, tagValue: "v" }));
