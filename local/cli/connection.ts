/**
 * How a command reaches a cloud: SDK clients, and what is deployed there. The embedded cloud tells its stack's outputs at
 * /_outrank/deployment; of a stack on AWS the outputs lie in the file that `npx cdk deploy --outputs-file` wrote. Commands
 * need nothing else, and nothing that AWS itself would not offer.
 */
import { resolve } from "node:path";
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { type Arguments, CommandFailure, type Io, type Option, UsageError } from "./command.ts";
import { type Deployed, type DeployedGroup, OutputsFile, readDeployment, readOutputs } from "./deployment.ts";
import { readJson } from "./read-json.ts";

export interface Connection {
  /** The embedded cloud's; empty on AWS, where each service has its own. */
  readonly endpoint: string;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly personalize: PersonalizeClient;
  readonly runtime: PersonalizeRuntimeClient;
  readonly deployed: Deployed;
  close(): void;
}

export const endpointOption: Readonly<Record<"endpoint" | "outputs", Option>> = {
  endpoint: {
    type: "string",
    value: "URL",
    help: "the embedded cloud (default: AWS_ENDPOINT_URL, else http://127.0.0.1:4566)",
  },
  outputs: {
    type: "string",
    value: "FILE",
    help: "a stack on AWS instead: what `npx cdk deploy --outputs-file FILE` wrote; with your own AWS credentials",
  },
};

export const groupOption: Readonly<Record<"group", Option>> = {
  group: { type: "string", value: "NAME", help: "the dataset group, needed where there are several" },
};

/** Any key will do for the embedded cloud: what is not a role's is the account's own. */
const credentials = { accessKeyId: "outrank", secretAccessKey: "outrank" };

/** What a call ends with is thrown; the SDK need not write about it to the console as well. */
const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** SDK clients for an embedded cloud at `endpoint`. */
export const clientsFor = (endpoint: string, region: string) =>
  clientsWith({ endpoint, region, credentials }, { forcePathStyle: true });

/** @param where without an endpoint and credentials: AWS, with whatever credentials the SDK finds */
function clientsWith(
  where: { readonly region: string; readonly endpoint?: string; readonly credentials?: typeof credentials },
  ofS3: { readonly forcePathStyle?: boolean } = {},
) {
  const settings = { ...where, maxAttempts: 3, logger: quiet };
  const clients = {
    s3: new S3Client({ ...settings, ...ofS3 }),
    sfn: new SFNClient(settings),
    personalize: new PersonalizeClient(settings),
    runtime: new PersonalizeRuntimeClient(settings),
  };
  return { ...clients, close: () => Object.values(clients).forEach((client) => client.destroy()) };
}

export async function connect(args: Arguments, io: Io): Promise<Connection> {
  const outputs = args.text("outputs");
  if (outputs !== undefined) return connectToAws(resolve(io.cwd, outputs), args);
  const endpoint = endpointIn(args, io);
  const deployed = await deploymentAt(endpoint, io.stop);
  if (deployed.groups.length === 0) {
    throw new CommandFailure(`The cloud at ${endpoint} runs bare, without the stack. Start it without --bare`);
  }
  return { endpoint, deployed, ...clientsFor(endpoint, deployed.region) };
}

function endpointIn(args: Arguments, io: Io): string {
  const endpoint = args.text("endpoint") ?? io.env["AWS_ENDPOINT_URL"] ?? "http://127.0.0.1:4566";
  if (URL.canParse(endpoint)) return endpoint;
  throw new UsageError(`--endpoint wants a URL such as http://127.0.0.1:4566, got "${endpoint}"`);
}

export const regionOption: Readonly<Record<"endpoint" | "region", Option>> = {
  endpoint: endpointOption.endpoint,
  region: { type: "string", value: "REGION", help: "AWS instead, in this region; with your own AWS credentials" },
};

/** For what needs no stack: the embedded cloud, bare or not, or a region of AWS. */
export async function connectToAny(args: Arguments, io: Io): Promise<Pick<Connection, "personalize" | "close">> {
  const region = args.text("region");
  if (region === undefined) {
    const endpoint = endpointIn(args, io);
    return clientsFor(endpoint, (await deploymentAt(endpoint, io.stop)).region);
  }
  if (args.text("endpoint") === undefined) return clientsWith({ region });
  throw new UsageError("--region means AWS and --endpoint the embedded cloud: give one of them");
}

function connectToAws(file: string, args: Arguments): Connection {
  if (args.text("endpoint") !== undefined) {
    throw new UsageError("--outputs means AWS and --endpoint the embedded cloud: give one of them");
  }
  const remedy = "Let `npx cdk deploy --outputs-file FILE` write it";
  const deployed = readOutputs(readJson(file, OutputsFile, remedy));
  if (deployed === null) throw new UsageError(`${file} has no outputs of an Outrank stack. ${remedy}`);
  return { endpoint: "", deployed, ...clientsWith({ region: deployed.region }) };
}

/** What the embedded cloud answers at one of its own paths, whether it runs a stack or none. */
export const askEmbedded = (args: Arguments, io: Io, path: string): Promise<unknown> =>
  askAt(endpointIn(args, io), path, io.stop);

const deploymentAt = async (endpoint: string, signal: AbortSignal): Promise<Deployed> =>
  readDeployment(await askAt(endpoint, "/_outrank/deployment", signal));

async function askAt(endpoint: string, path: string, signal: AbortSignal): Promise<unknown> {
  let answer: Response;
  try {
    answer = await fetch(new URL(path, endpoint), { signal });
  } catch (error) {
    throw new CommandFailure(
      `Nothing answers at ${endpoint}. Start the embedded cloud: npx outrank up (or npm start)`,
      {
        cause: error,
      },
    );
  }
  if (!answer.ok)
    throw new CommandFailure(`${endpoint} is no embedded cloud of Outrank (it answered ${answer.status})`);
  return answer.json();
}

/** The group asked for with --group, or the only one. */
export function chosenGroup({ deployed }: Pick<Connection, "deployed">, args: Arguments): DeployedGroup {
  const asked = args.text("group");
  if (asked !== undefined) return groupNamed({ deployed }, asked);
  const [only, ...others] = deployed.groups;
  if (only && others.length === 0) return only;
  throw new UsageError(`Which dataset group? Add --group with one of: ${namesIn(deployed)}`);
}

export function groupNamed({ deployed }: Pick<Connection, "deployed">, name: string): DeployedGroup {
  const found = deployed.groups.find((group) => group.name === name);
  if (!found) throw new UsageError(`There is no dataset group "${name}". There are: ${namesIn(deployed)}`);
  return found;
}

const namesIn = ({ groups }: Deployed): string => groups.map((group) => group.name).join(", ");
