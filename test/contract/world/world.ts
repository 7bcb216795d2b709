/** Where the contract's cases run: calls of the three APIs by name, and the resources that most cases need. */
import * as control from "@aws-sdk/client-personalize";
import * as events from "@aws-sdk/client-personalize-events";
import * as runtime from "@aws-sdk/client-personalize-runtime";
import { type CreateBucketCommandInput, type S3Client } from "@aws-sdk/client-s3";
import { createFixtures, type Fixtures } from "./fixtures.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are asserted member by member
export type Answer = any;

export interface World {
  /** Calls an operation of any of the three APIs with the unmodified SDK client. */
  call(operation: string, input?: object): Promise<Answer>;
  /** Resolves when nothing that was created is pending or in progress any more. */
  rest(): Promise<void>;
  /** As `call`, then `rest`. */
  settle(operation: string, input?: object): Promise<Answer>;
  /** No status changes meanwhile; on the service, where changes take minutes, nothing needs to be held. */
  still<T>(run: () => Promise<T>): Promise<T>;
  /** A name that nothing has had yet. */
  name(): string;
  /** The ARN that ends so, in this account and region. */
  arn(tail: string): string;
  readonly bucket: string;
  readonly roleArn: string;
  upload(key: string, body: string): Promise<void>;
  /** Resources that stay for all cases, made when first asked for. */
  readonly have: Fixtures;
  /** Deletes what cases left behind; after each case on the service. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

/** What a place to run in has to bring; the rest is the same everywhere. */
export interface Place {
  readonly clients: {
    readonly control: control.PersonalizeClient;
    readonly runtime: runtime.PersonalizeRuntimeClient;
    readonly events: events.PersonalizeEventsClient;
    readonly s3: S3Client;
  };
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly bucketConfiguration?: CreateBucketCommandInput["CreateBucketConfiguration"];
  readonly roleArn: string;
  /** Part of every name. */
  readonly runId: string;
  upload(key: string, body: string): Promise<void>;
  still<T>(run: () => Promise<T>): Promise<T>;
  rest(created: readonly string[], call: World["call"]): Promise<void>;
  tidy(created: readonly string[], call: World["call"]): Promise<void>;
  close(): Promise<void>;
}

type Command = new (input: object) => never;
const commandIn = (client: object, operation: string) =>
  (client as Readonly<Record<string, Command | undefined>>)[`${operation}Command`];

export function createWorld(place: Place): World {
  /** What the running case made, and what stays. */
  const passing: string[] = [];
  const lasting: string[] = [];
  let makingFixture = 0;
  let names = 0;

  const call = async (operation: string, input: object = {}): Promise<Answer> => {
    const answer = await send(place, operation, input);
    if (operation.startsWith("Create")) {
      (makingFixture > 0 ? lasting : passing).push(...arnsIn(answer as object));
    }
    return answer;
  };
  const rest = () => place.rest([...lasting, ...passing], call);
  const world: Omit<World, "have"> = {
    ...{ call, rest, bucket: place.bucket, roleArn: place.roleArn },
    async settle(operation, input) {
      const answer: Answer = await call(operation, input);
      await rest();
      return answer;
    },
    still: (run) => place.still(run),
    upload: (key, body) => place.upload(key, body),
    name: () => `contract-${place.runId}-${++names}`,
    arn: (tail) => `arn:aws:personalize:${place.region}:${place.account}:${tail}`,
    tidy: () => place.tidy(passing.splice(0), call),
    async close() {
      await place.tidy([...passing.splice(0), ...lasting.splice(0)], call);
      await place.close();
    },
  };
  const stays = async <T>(make: () => Promise<T>): Promise<T> => {
    makingFixture++;
    try {
      return await make();
    } finally {
      makingFixture--;
    }
  };
  return { ...world, have: createFixtures(world, stays) };
}

async function send({ clients }: Place, operation: string, input: object): Promise<unknown> {
  const inControl = commandIn(control, operation);
  if (inControl) return clients.control.send(new inControl(input));
  const inRuntime = commandIn(runtime, operation);
  if (inRuntime) return clients.runtime.send(new inRuntime(input));
  const inEvents = commandIn(events, operation);
  if (inEvents) return clients.events.send(new inEvents(input));
  throw new Error(`no client knows ${operation}`);
}

const arnsIn = (answer: object): string[] =>
  Object.entries(answer).flatMap(([member, value]) =>
    /Arn$/.test(member) && typeof value === "string" ? [value] : [],
  );
