import { expect, it } from "@jest/globals";
import { type RunLine, tableOf } from "../../../../local/cli/commands/runs.ts";

const run: RunLine = {
  ...{ group: "shop", run: "20261124T105848-2df2be18", startedAt: "2026-11-24T10:58:48.000Z", trigger: "upload" },
  ...{ outcome: "FAILED", reasonCodes: [], lift: null, executionArn: "arn" },
  failure: "interactions.csv, line 2: bad\ninteractions.csv, line 3: bad\nand 7 more like these",
};

it("the list of runs has one line per run, whatever there is to say about it", () => {
  const promoted = { ...run, outcome: "PROMOTE", reasonCodes: ["FIRST_RUN"], lift: 2.467, failure: null };

  expect(tableOf([run, promoted]).slice(2)).toEqual([
    "shop   20261124T105848-2df2be18  2026-11-24 10:58:48  upload   FAILED             interactions.csv, line 2: bad (and more: npx outrank explain RUN)",
    "shop   20261124T105848-2df2be18  2026-11-24 10:58:48  upload   PROMOTE  +246.7 %  FIRST_RUN",
  ]);
});
