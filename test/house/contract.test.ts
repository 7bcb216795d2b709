/** The contract of Personalize leaves nothing out: every operation of the official models, and every error that each of them lists. */
import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel } from "../../local/cloud/models/load-model.ts";
import { contract as untyped } from "../contract/cases/index.ts";
import { type Contract, isUnknown } from "../contract/contract.ts";
import { root } from "../support/sources.ts";

const contract: Contract = untyped;
const apis = (["personalize", "personalize-runtime", "personalize-events"] as const).map(loadModel);
const listed = apis.flatMap(({ operations }) =>
  Object.entries(operations).map(([operation, { errors }]) => ({ operation, errors: [...new Set(errors)] })),
);

/** Why these are told apart from errors that something brings about: docs/support.md lists them as choices. */
const unknown = Object.entries(contract).flatMap(([operation, { refuses }]) =>
  Object.entries(refuses).flatMap(([error, cases]) => (isUnknown(cases) ? [`${operation}: ${error}`] : [])),
);

describe("the contract", () => {
  it("knows 79 operations", () => {
    expect(listed).toHaveLength(79);
    expect(Object.keys(contract).sort()).toEqual(listed.map(({ operation }) => operation).sort());
  });

  it("has a success for every operation", () => {
    const without = listed.filter(({ operation }) => Object.keys(contract[operation]?.succeeds ?? {}).length === 0);
    expect(without).toEqual([]);
  });

  it("has a case for every error that the model lists for an operation", () => {
    const missing = listed.flatMap(({ operation, errors }) => {
      const refuses = (contract[operation]?.refuses ?? {}) as Readonly<Record<string, object | undefined>>;
      return errors.filter((error) => Object.keys(refuses[error] ?? {}).length === 0).map((e) => `${operation}: ${e}`);
    });
    expect(missing).toEqual([]);
  });

  it("says of four errors only that nothing public tells what brings them about, as docs/support.md does", () => {
    expect(unknown.sort()).toEqual([
      "CreateDataset: LimitExceededException",
      "CreateEventTracker: LimitExceededException",
      "TagResource: LimitExceededException",
      "UpdateSolution: LimitExceededException",
    ]);
    const page = readFileSync(join(root, "docs", "support.md"), "utf8");
    for (const one of unknown) expect(page).toContain(`\`${one.split(":")[0]}\``);
    expect(page).toContain("`LimitExceededException` never comes from");
  });
});
