/** `kill -9` of the real process in the middle of a run, three times: what was acknowledged is there, nothing is twice. */
import {
  paginateListCampaigns,
  paginateListDatasetImportJobs,
  paginateListSolutionVersions,
} from "@aws-sdk/client-personalize";
import { ListExecutionsCommand, paginateGetExecutionHistory, type SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, expect, it } from "@jest/globals";
import { join } from "node:path";
import { clientsFor } from "../../local/cli/connection.ts";
import { outrank, scratch, type Up, up } from "../support/command-line.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";

const place = scratch();
let cloud: Up | undefined;
afterAll(async () => {
  cloud?.child.kill("SIGKILL");
  await cloud?.finished;
  place.remove();
});

const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:outrank-club";

/** States entered so far by any execution. */
async function statesEntered(sfn: SFNClient): Promise<Set<string>> {
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  const names = new Set<string>();
  for (const { executionArn } of executions) {
    for await (const { events = [] } of paginateGetExecutionHistory({ client: sfn }, { executionArn })) {
      for (const { stateEnteredEventDetails } of events) names.add(stateEnteredEventDetails?.name ?? "");
    }
  }
  return names;
}

async function until(happened: () => Promise<boolean>): Promise<void> {
  while (!(await happened())) await new Promise((resolve) => setTimeout(resolve, 50));
}

it("a run survives kill -9 during import, training and the campaign's creation, and creates nothing twice", async () => {
  const config = place.folder("config", { "outrank.json": JSON.stringify(communitiesConfig()) });
  const data = place.folder("club", { "interactions.csv": interactionsCsv({ users: 300 }), "items.csv": itemsCsv() });
  const start = async () => {
    const state = join(place.path, "state");
    const started = await up("--state", state, "--config", join(config, "outrank.json"), "--time-scale", "60");
    cloud = started;
    return { started, clients: clientsFor(started.url, "us-east-1") };
  };
  let { started, clients } = await start();
  await outrank("drop", data, "--endpoint", started.url);

  for (const state of ["Wait for the import", "Wait for the training", "Wait for the campaign"]) {
    await until(async () => (await statesEntered(clients.sfn)).has(state));
    clients.close();
    started.child.kill("SIGKILL");
    await started.finished;
    ({ started, clients } = await start());
  }

  const { personalize, sfn } = clients;
  const executions = async (statusFilter: "RUNNING" | "SUCCEEDED" | "FAILED") =>
    (await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter }))).executions ?? [];
  await until(async () => (await executions("RUNNING")).length === 0);
  expect(await executions("FAILED")).toEqual([]);
  const { stdout } = await outrank("runs", "--json", "--endpoint", started.url);
  expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ outcome: "PROMOTE" })]);
  const [imports, versions, campaigns]: string[][] = [[], [], []];
  for await (const page of paginateListDatasetImportJobs({ client: personalize }, {}))
    imports?.push(...(page.datasetImportJobs ?? []).map(({ status = "" }) => status));
  for await (const page of paginateListSolutionVersions({ client: personalize }, {}))
    versions?.push(...(page.solutionVersions ?? []).map(({ status = "" }) => status));
  for await (const page of paginateListCampaigns({ client: personalize }, {}))
    campaigns?.push(...(page.campaigns ?? []).map(({ status = "" }) => status));
  expect({ imports, versions, campaigns }).toEqual({
    imports: ["ACTIVE", "ACTIVE"],
    versions: ["ACTIVE", "ACTIVE"],
    campaigns: ["ACTIVE"],
  });
  clients.close();
}, 240_000);
