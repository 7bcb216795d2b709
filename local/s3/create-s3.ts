/**
 * The embedded S3: wire-compatible, on disk, with events, versions and conditional writes. Objects live in files under
 * `dataDir`, everything else in the store; an answer goes out only after both are safe.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Keys, openKeys } from "../cloud/ports/keys.ts";
import type {
  Authorizer,
  AwsService,
  CallContext,
  EventSink,
  ObjectStore,
  Provisioner,
  ServiceDeps,
} from "../cloud/ports/service.ts";
import { bucketArn } from "./access.ts";
import { createWriteWatches } from "./conditions/write-conditions.ts";
import { createGuard } from "./guard.ts";
import type { S3Internals } from "./internals.ts";
import { createObjectStore } from "./object-store.ts";
import { bindOperations } from "./operations.ts";
import { parsePolicy } from "./operations/bucket-policy.ts";
import { createOutbox } from "./outbox.ts";
import { createBucketPolicyProvisioner } from "./provisioning/bucket-policy.ts";
import { createBucketProvisioner } from "./provisioning/bucket.ts";
import { createServe } from "./rest/serve.ts";
import { createS3Service } from "./service.ts";
import { createCatalog } from "./storage/catalog.ts";
import { openDataFiles } from "./storage/data-files.ts";
import { createSequencer } from "./storage/sequencer.ts";

export interface S3Deps extends ServiceDeps {
  /** A folder of S3's own; made when missing, swept of a crash's leftovers. */
  readonly dataDir: string;
  readonly authorizer: Authorizer;
  readonly events: EventSink;
  /** Who may use the keys that objects are locked with; everybody by default. */
  readonly keys?: Keys;
  /** Tells IAM a bucket's policy (for the bucket's ARN and all objects under it), or undefined when it is gone. */
  readonly setResourcePolicy?: (arn: string, document: object | undefined) => Promise<void>;
}

export interface S3 {
  readonly service: AwsService;
  /** The whole REST API. Never rejects; the caller has authenticated the request. */
  readonly http: (request: IncomingMessage, response: ServerResponse, context: CallContext) => Promise<void>;
  readonly objectStore: ObjectStore;
  readonly provisioners: readonly Provisioner[];
}

async function openInternals(deps: S3Deps): Promise<S3Internals> {
  const { store, clock, ids, account, region, log, setResourcePolicy = () => Promise.resolve() } = deps;
  const catalog = createCatalog(store);
  const sequencer = createSequencer(clock);
  for (const sequence of catalog.sequences()) sequencer.seen(sequence);
  return {
    ...{ account, region, clock, ids, catalog, sequencer, keys: deps.keys ?? openKeys },
    files: await openDataFiles(deps.dataDir, ids, catalog.referencedFiles()),
    watches: createWriteWatches(),
    outbox: createOutbox(store, deps.events, log),
    commit: () => store.commit(),
    publishPolicy: (bucket, document) => setResourcePolicy(bucketArn(bucket), document as object | undefined),
  };
}

export async function createS3(deps: S3Deps): Promise<S3> {
  const s3 = await openInternals(deps);
  for (const { name, configurations } of s3.catalog.buckets()) {
    if (typeof configurations.policy === "string") await s3.publishPolicy(name, parsePolicy(configurations.policy));
  }
  const operations = bindOperations(s3);
  const guard = createGuard(deps.authorizer);
  const { clock, ids, account, region, log } = deps;
  return {
    service: createS3Service(operations, guard, () => s3.outbox.resume()),
    http: createServe({ operations, guard, clock, log }),
    objectStore: createObjectStore({ operations, guard, clock, ids, account, region }),
    provisioners: [createBucketProvisioner(s3, operations), createBucketPolicyProvisioner(s3, operations)],
  };
}
