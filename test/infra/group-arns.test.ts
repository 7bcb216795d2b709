import { describe, expect, it } from "@jest/globals";
import { App, Stack } from "aws-cdk-lib";
import { type GroupArns, groupArns } from "../../infra/constructs/group-arns.ts";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import {
  groupPrefix,
  importJobName,
  personalizeArn,
  type Place,
  runIdOf,
  schemaName,
  solutionName,
} from "../../pipeline/naming/names.ts";
import { sha256 } from "../support/run-fixtures.ts";
import { withGroups } from "../support/synthesized.ts";

const place: Place = { partition: "aws", region: "us-east-1", account: "000000000000" };
const runId = runIdOf("arn:aws:states:us-east-1:000000000000:execution:outrank-shop:x", "2026-11-24T03:00:00Z", sha256);

/** What a run of the group makes, named as the handlers name it. */
function madeBy({ name, solutions }: DatasetGroup): string[] {
  const prefix = groupPrefix("outrank", name);
  const trained = [...solutions.map((solution) => solution.name), "baseline"].map((solution) =>
    personalizeArn(place, "solution", solutionName(prefix, solution, "{}", sha256)),
  );
  return [
    ...trained,
    ...trained.map((solution) => `${solution}/1a2b3c4d`),
    personalizeArn(place, "schema", schemaName(prefix, "items", "{}", sha256)),
    personalizeArn(place, "dataset-import-job", importJobName(prefix, "items", sha256("files"), runId)),
    personalizeArn(place, "dataset", `${prefix}/ITEMS`),
    personalizeArn(place, "dataset-group", prefix),
    ...solutions.map((solution) => personalizeArn(place, "campaign", `${prefix}-${solution.name}`)),
  ];
}

/** Every Personalize resource that the group's roles may name, as they match. */
function patternsOf(group: DatasetGroup): RegExp[] {
  const stack = new Stack(new App({ analyticsReporting: false }), "Stack");
  const { datasetGroup, datasets, schemas, importJobs, solutions, campaigns }: GroupArns = groupArns("outrank", group);
  const known: Record<string, string> = { "AWS::Partition": "aws", "AWS::Region": "us-east-1" };
  const text = (part: string | { readonly Ref: string }) =>
    typeof part === "string" ? part : (known[part.Ref] ?? place.account);
  return [datasetGroup, ...datasets, ...schemas, ...importJobs, ...solutions, ...campaigns]
    .map((arn) => (stack.resolve(arn)["Fn::Join"][1] as (string | { readonly Ref: string })[]).map(text).join(""))
    .map((arn) => new RegExp(`^${arn.replaceAll("?", ".").replaceAll("*", ".*")}$`));
}

describe("the ARNs of a group", () => {
  const names = ["shop", "shop-for-you", "shop-items", "shop-baseline"];
  const { datasetGroups } = withGroups(...names.map((name) => ({ name, scheduled: false })));
  const named = datasetGroups.map((group) => ({ group, name: group.name }));

  it.each(named)("cover all that a run of $name makes", ({ group }) => {
    const patterns = patternsOf(group);

    expect(madeBy(group).filter((arn) => !patterns.some((pattern) => pattern.test(arn)))).toEqual([]);
  });

  it.each(named)("cover nothing of a group whose name begins or ends like $name", ({ group }) => {
    const patterns = patternsOf(group);
    const foreign = datasetGroups.filter((other) => other !== group).flatMap(madeBy);

    expect(foreign.filter((arn) => patterns.some((pattern) => pattern.test(arn)))).toEqual([]);
  });
});
