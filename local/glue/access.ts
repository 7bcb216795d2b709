/**
 * What IAM is asked before each operation. As in AWS, a table is asked for together with its database and catalog, runs
 * and results of data quality are known to policies by their rulesets alone, and a role in the request is passed.
 */
import type { AccessRequest } from "../cloud/ports/service.ts";
import { servicePrincipal } from "./data/role-files.ts";
import { glueArn, type GlueDeps, roleArnOf } from "./state.ts";

/** The members of a request that matter here, whatever the operation. */
export interface GlueInput {
  readonly Name?: string;
  readonly DatabaseName?: string;
  readonly DatabaseInput?: { readonly Name?: string };
  readonly TableInput?: { readonly Name?: string };
  readonly RulesetNames?: readonly string[];
  readonly JobName?: string;
  readonly Role?: string;
  readonly JobUpdate?: { readonly Role?: string };
}

type Place = Pick<GlueDeps, "region" | "account">;

export function accessOf(place: Place, operation: string, input: GlueInput): AccessRequest[] {
  const action = `glue:${actions[operation] ?? operation}`;
  const requests = pathsOf(operation, input).map((path) => ({
    action,
    resource: path === "*" ? "*" : glueArn(place, path),
  }));
  const role = input.Role ?? input.JobUpdate?.Role;
  if (role === undefined) return requests;
  const conditions = { "iam:PassedToService": servicePrincipal };
  return [...requests, { action: "iam:PassRole", resource: roleArnOf(place, role), conditions }];
}

/** Operations whose permission has another's name. */
const actions: Readonly<Record<string, string>> = { BatchGetDataQualityResult: "GetDataQualityResult" };

function pathsOf(operation: string, input: GlueInput): string[] {
  const { Name = "", DatabaseName = "", DatabaseInput, TableInput, RulesetNames = [], JobName } = input;
  if (operation === "ListJobs" || operation === "GetJobs") return ["*"];
  if (operation.endsWith("Job") || JobName !== undefined) return [`job/${JobName ?? Name}`];
  if (operation === "StartDataQualityRulesetEvaluationRun")
    return RulesetNames.map((name) => `dataQualityRuleset/${name}`);
  if (/(Create|Get|Update|Delete)DataQualityRuleset$/.test(operation)) return [`dataQualityRuleset/${Name}`];
  if (operation.includes("DataQuality")) return ["dataQualityRuleset/*"];
  const database = (DatabaseName || DatabaseInput?.Name || (operation.endsWith("Database") ? Name : "*")).toLowerCase();
  if (operation === "DeleteDatabase") return ["catalog", `database/${database}`, `table/${database}/*`];
  if (!operation.includes("Table")) return ["catalog", `database/${database}`];
  const table = (TableInput?.Name ?? (Name || "*")).toLowerCase();
  return ["catalog", `database/${database}`, `table/${database}/${table}`];
}
