/** What S3's operations work with: the catalogue of rows, the files of bytes, and the ports handed to `createS3`. */
import type { CallContext } from "../cloud/ports/service.ts";
import type { Clock, Ids } from "../cloud/ports/clock.ts";
import type { Keys } from "../cloud/ports/keys.ts";
import type { WriteWatches } from "./conditions/write-conditions.ts";
import type { Outbox } from "./outbox.ts";
import type { Catalog } from "./storage/catalog.ts";
import type { DataFiles } from "./storage/data-files.ts";
import type { Sequencer } from "./storage/sequencer.ts";

export interface S3Internals {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly catalog: Catalog;
  readonly files: DataFiles;
  readonly sequencer: Sequencer;
  readonly watches: WriteWatches;
  readonly outbox: Outbox;
  readonly keys: Keys;
  /** Resolves when everything put so far survives a crash. */
  commit(): Promise<void>;
  /** Tells IAM a bucket's policy document, or that it has none. */
  publishPolicy(bucket: string, document: unknown): Promise<void>;
}

/** An SDK output without the client's own bookkeeping. */
export type Answer<Output> = Omit<Output, "$metadata">;

/** An operation before its parts are bound. */
export type BindOperation<Input, Output> = (
  s3: S3Internals,
) => (input: Input, context: CallContext) => Answer<Output> | Promise<Answer<Output>>;
