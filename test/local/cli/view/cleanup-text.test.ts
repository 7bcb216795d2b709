import { describe, expect, it } from "@jest/globals";
import { endLines, planLines, stepLines } from "../../../../local/cli/view/cleanup-text.ts";
import { type CleanupOutput, emptyReport } from "../../../../pipeline/cleanup/report.ts";

const output = (more: Partial<CleanupOutput>): CleanupOutput => ({
  ...{ ...emptyReport, outcome: "DRY_RUN", id: "20261124T030000-1a2b3c4d", group: "shop", executionArn: "arn" },
  ...{ startedAt: "2026-11-24T03:00:00.000Z", at: "2026-11-24T03:00:01.000Z", actor: "ann" },
  options: { dryRun: true, includeForeign: false, wait: false, prune: false },
  ...more,
});

const campaign = { kind: "campaign", name: "outrank-shop-main" } as const;
const filter = { kind: "filter", name: "anns" } as const;

describe("what a cleanup would delete", () => {
  it("is a table without a column for whose it is, as long as all is Outrank's", () => {
    expect(planLines(output({ wouldDelete: [campaign] }))).toEqual([
      ...["Would be deleted, the dataset group of shop:", ""],
      ...["  kind      name", "  --------  -----------------", "  campaign  outrank-shop-main"],
      ...["", "Uploads, run records and the bucket stay."],
    ]);
  });

  it("says of each thing whose it is, when some are not Outrank's", () => {
    const lines = planLines(output({ wouldDelete: [campaign, filter], foreign: [filter] }));

    expect(lines.slice(2, 6)).toEqual([
      "  kind      name               made by",
      "  --------  -----------------  -------------",
      "  campaign  outrank-shop-main  Outrank",
      "  filter    anns               somebody else",
    ]);
  });

  it("of old solutions may be nothing; what stays is told with its reason", () => {
    const kept = [{ kind: "solution" as const, name: "s", reason: "campaign c serves it" }];
    const options = { dryRun: true, includeForeign: false, wait: false, prune: true };

    expect(planLines(output({ kept, options }))).toEqual([
      "There is nothing to delete: old solutions of shop",
      ...["", "Stays:", "  solution s: campaign c serves it"],
    ]);
  });
});

describe("a step of a cleanup", () => {
  it("names what goes, and waits only for what is not going already", () => {
    const waitingFor = ["campaign outrank-shop-main is DELETE IN_PROGRESS", "import job i is CREATE PENDING"];

    expect(stepLines({ deleted: [campaign], waitingFor })).toEqual([
      "deleting campaign outrank-shop-main",
      "waiting: import job i is CREATE PENDING",
    ]);
  });
});

describe("the end of a cleanup", () => {
  it.each([
    { outcome: "CLEANED", deleted: [campaign], says: "Took shop down: 1 resource deleted, 2 notes of them removed" },
    {
      outcome: "PRUNED",
      deleted: [campaign, filter],
      says: "Pruned shop: 2 resources deleted, 2 notes of them removed",
    },
  ] as const)("as $outcome says how much went", ({ outcome, deleted, says }) => {
    expect(endLines(output({ outcome, deleted: [...deleted], forgotten: ["a", "b"] }))).toEqual([
      `${says} from the bucket.`,
    ]);
  });
});
