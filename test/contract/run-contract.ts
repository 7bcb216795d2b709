/**
 * Turns a part of the contract into tests: a describe for each operation, "succeeds" and one group for each error. A refusal must carry
 * the error's name, be the SDK's own class of it, and have the HTTP status that the model (or, for the control plane, the guide) gives.
 */
import * as control from "@aws-sdk/client-personalize";
import * as events from "@aws-sdk/client-personalize-events";
import * as runtime from "@aws-sdk/client-personalize-runtime";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { recipes } from "../../local/recipes/index.ts";
import type { Quotas } from "../../local/personalize/settings.ts";
import { type Case, caseOf, type Cases, type Contract, isUnknown } from "./contract.ts";
import { openLocal } from "./world/local.ts";
import { openRemote } from "./world/remote.ts";
import { createWorld, type World } from "./world/world.ts";

const remote = process.env.OUTRANK_REMOTE === "1";
const canPay = process.env.OUTRANK_REMOTE_COSTLY === "1";

/** So few of everything that a case about a quota is quick; the fixtures of those cases fit in. */
const low: Partial<Quotas> = {
  ...{ datasetGroups: 3, schemas: 4, solutionsPerDatasetGroup: 2, campaignsPerDatasetGroup: 2 },
  ...{ filtersPerDatasetGroup: 2, recommendersPerDatasetGroup: 2, concurrentImports: 2, concurrentTrainings: 2 },
  ...{ concurrentBatchJobs: 2, concurrentExports: 2, pendingDeletions: 2, metricsPerAttribution: 1 },
};

const classesOf = (operation: string): object =>
  [control, runtime, events].find((client) => `${operation}Command` in client) ?? control;

const statusOf = (operation: string, error: string): number => {
  if (classesOf(operation) === control) return 400;
  return error === "ResourceNotFoundException" ? 404 : error === "ResourceInUseException" ? 409 : 400;
};

async function open(crowded: boolean): Promise<World> {
  if (!remote) return createWorld(await openLocal(crowded ? low : {}));
  const roleArn = process.env.OUTRANK_REMOTE_ROLE_ARN;
  if (!roleArn) throw new Error("OUTRANK_REMOTE=1 needs OUTRANK_REMOTE_ROLE_ARN: see test/contract/README.md");
  return createWorld(await openRemote(roleArn, `${crowded ? "q" : "c"}${Date.now().toString(36)}`));
}

async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (answer) => new Error(`not refused; it answered ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
}

/** Why a case cannot run here; undefined when it can. */
function hindranceTo({ costly, recipe }: Case, title: string, operation: string): string | undefined {
  if (remote) return costly && !canPay ? "costly" : undefined;
  return recipe !== undefined && !(recipe in recipes) ? `no ${recipe} here` : undefined;
}

export function runContract(contract: Contract): void {
  const all = Object.values(contract).flatMap(({ succeeds, refuses }) => [
    ...Object.values(succeeds),
    ...Object.values(refuses).flatMap((cases) => (isUnknown(cases) ? [] : Object.values(cases))),
  ]);
  const kinds = new Set(all.map((given) => caseOf(given).crowded ?? false));
  for (const crowded of kinds) {
    describe(crowded ? "with low quotas" : "with room", () => runIn(contract, crowded));
  }
}

function runIn(contract: Contract, crowded: boolean): void {
  let world: World;
  let opened = false;
  beforeAll(async () => {
    world = await open(crowded);
    opened = true;
  });
  afterEach(() => world.tidy());
  afterAll(async () => {
    if (opened) await world.close();
  }, 3_600_000);

  const test = (
    operation: string,
    title: string,
    given: Cases[string],
    check: (run: () => Promise<unknown>) => Promise<void>,
  ) => {
    const one = caseOf(given);
    if ((one.crowded ?? false) !== crowded) return;
    const hindrance = hindranceTo(one, title, operation);
    const name = hindrance === undefined ? title : `${title} (skipped: ${hindrance})`;
    (hindrance === undefined ? it : it.skip)(name, () => check(() => one.run(world)), remote ? 4 * 3_600_000 : 60_000);
  };

  for (const [operation, { succeeds, refuses }] of Object.entries(contract)) {
    describe(operation, () => {
      for (const [why, given] of Object.entries(succeeds))
        test(operation, `succeeds: ${why}`, given, async (run) => void (await run()));
      for (const [error, cases] of Object.entries(refuses)) {
        if (isUnknown(cases)) continue;
        for (const [why, given] of Object.entries(cases)) {
          test(operation, `${error}: ${why}`, given, async (run) => {
            const refusal = await refusalOf(run());
            expect(refusal).toMatchObject({
              name: error,
              $metadata: { httpStatusCode: statusOf(operation, error) },
              message: expect.stringMatching(/./),
            });
            const known = (classesOf(operation) as Readonly<Record<string, new () => Error>>)[error];
            if (known) expect(refusal).toBeInstanceOf(known);
          });
        }
      }
    });
  }
}
