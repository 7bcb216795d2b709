/** The work of one evaluation run: reads the tables with the run's role and judges each ruleset. No state is touched. */
import type { DataSource } from "@aws-sdk/client-glue";
import type { RoleFiles } from "../data/role-files.ts";
import { openRoleFiles } from "../data/role-files.ts";
import { readTable } from "../data/read-table.ts";
import { formatOf, TableUnreadable, type TableFormat } from "../data/table-format.ts";
import { tableOf, toTable } from "../operations/tables.ts";
import { readRuleset, rulesetOf } from "../operations/rulesets.ts";
import { prepareRuleset, type RulesetResults } from "../quality/evaluate-ruleset.ts";
import { createMeasures, type Measures } from "../quality/measures.ts";
import type { ReferenceTable } from "../quality/rule-scope.ts";
import { type EvaluationRunRecord, glueArn, type Glue, roleArnOf } from "../state.ts";

export interface RulesetEvaluation extends RulesetResults {
  readonly rulesetName: string;
  /** Rows of the table under test. */
  readonly rows: number;
}

interface Source extends ReferenceTable {
  readonly format: TableFormat;
  readonly measures: Measures;
}

export async function evaluateRun(
  glue: Glue,
  { id, request }: EvaluationRunRecord,
  signal: AbortSignal,
): Promise<RulesetEvaluation[]> {
  const { authorizer, objects, clock } = glue.deps;
  const roleArn = roleArnOf(glue.deps, request.Role ?? "");
  const files = openRoleFiles({ objects, authorizer, roleArn, session: id.slice(0, 64) });
  const open = (source: DataSource | undefined) => openSource(glue, roleArn, id, source);
  const primary = open(request.DataSource);
  const others = new Map(
    Object.entries(request.AdditionalDataSources ?? {}).map(([alias, source]) => [alias, open(source)]),
  );
  const rows = primary.measures.rowCount();
  const judges = (request.RulesetNames ?? []).map((rulesetName) => {
    const ruleset = readRuleset(rulesetName, rulesetOf(glue, rulesetName).request.Ruleset ?? "");
    const { columns, measures } = primary;
    const scope = { columns, measures, now: clock.now(), reference: (alias: string) => others.get(alias) };
    return { rulesetName, judge: prepareRuleset(ruleset, scope) };
  });
  // Rules that compare look into what was counted of the other tables, so those go first.
  for (const source of [...others.values(), primary]) await readSource(source, files, signal);
  for (const { rulesetName } of judges) mayPublish(glue, roleArn, id, rulesetName);
  return judges.map(({ rulesetName, judge }) => ({ rulesetName, rows: rows.rows, ...judge() }));
}

function openSource(glue: Glue, roleArn: string, session: string, source: DataSource | undefined): Source {
  const { DatabaseName = "", TableName = "", ...rest } = source?.DataQualityGlueTable ?? source?.GlueTable ?? {};
  if ("PreProcessingQuery" in rest && rest.PreProcessingQuery) {
    throw new TableUnreadable(
      `Table ${TableName}: a PreProcessingQuery cannot run in the embedded cloud; it has no SQL engine`,
    );
  }
  const database = DatabaseName.toLowerCase();
  for (const path of ["catalog", `database/${database}`, `table/${database}/${TableName.toLowerCase()}`]) {
    const request = { action: "glue:GetTable", resource: glueArn(glue.deps, path) };
    glue.deps.authorizer.authorize({ kind: "role", roleArn, session }, request);
  }
  const format = formatOf(toTable(glue, tableOf(glue, DatabaseName, TableName)));
  return { format, columns: format.columns, measures: createMeasures() };
}

const readSource = ({ format, measures }: Source, files: RoleFiles, signal: AbortSignal) =>
  readTable({ format, files, signal, take: (row) => measures.add(row) });

/** The role writes the result, as in AWS. */
function mayPublish({ deps }: Glue, roleArn: string, session: string, rulesetName: string): void {
  const request = { action: "glue:PublishDataQuality", resource: glueArn(deps, `dataQualityRuleset/${rulesetName}`) };
  deps.authorizer.authorize({ kind: "role", roleArn, session }, request);
}
