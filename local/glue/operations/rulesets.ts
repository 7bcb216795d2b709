/** CreateDataQualityRuleset, Get, Update, Delete, List. A ruleset is parsed before it is kept. */
import type {
  CreateDataQualityRulesetCommandInput,
  CreateDataQualityRulesetCommandOutput,
  DataQualityRulesetFilterCriteria,
  DeleteDataQualityRulesetCommandInput,
  GetDataQualityRulesetCommandInput,
  GetDataQualityRulesetCommandOutput,
  ListDataQualityRulesetsCommandInput,
  ListDataQualityRulesetsCommandOutput,
  UpdateDataQualityRulesetCommandInput,
  UpdateDataQualityRulesetCommandOutput,
} from "@aws-sdk/client-glue";
import { page } from "../../cloud/ports/page.ts";
import { parseRuleset } from "../dqdl/parse-ruleset.ts";
import type { Ruleset } from "../dqdl/ruleset.ts";
import { DqdlError } from "../dqdl/tokens.ts";
import {
  AlreadyExistsException,
  type Answer,
  EntityNotFoundException,
  type Glue,
  InvalidInputException,
  type RulesetRecord,
} from "../state.ts";

export async function createRuleset(
  glue: Glue,
  input: CreateDataQualityRulesetCommandInput,
): Promise<Answer<CreateDataQualityRulesetCommandOutput>> {
  const { Name = "" } = input;
  const known = glue.rulesets.get(Name);
  if (known) {
    if (input.ClientToken !== undefined && JSON.stringify(known.request) === JSON.stringify(input)) return { Name };
    throw new AlreadyExistsException(`Data quality ruleset ${Name} already exists.`);
  }
  readRuleset(Name, input.Ruleset ?? "");
  const now = glue.deps.clock.now();
  glue.rulesets.put(Name, { request: input, createdAt: now, modifiedAt: now });
  await glue.deps.store.commit();
  return { Name };
}

export function getRuleset(
  glue: Glue,
  { Name = "" }: GetDataQualityRulesetCommandInput,
): Answer<GetDataQualityRulesetCommandOutput> {
  const { request, createdAt, modifiedAt } = rulesetOf(glue, Name);
  return {
    Name,
    Description: request.Description,
    Ruleset: request.Ruleset,
    TargetTable: request.TargetTable,
    DataQualitySecurityConfiguration: request.DataQualitySecurityConfiguration,
    CreatedOn: new Date(createdAt),
    LastModifiedOn: new Date(modifiedAt),
  };
}

export async function updateRuleset(
  glue: Glue,
  { Name = "", Description, Ruleset: text }: UpdateDataQualityRulesetCommandInput,
): Promise<Answer<UpdateDataQualityRulesetCommandOutput>> {
  const before = rulesetOf(glue, Name);
  if (text !== undefined) readRuleset(Name, text);
  const request = {
    ...before.request,
    Description: Description ?? before.request.Description,
    Ruleset: text ?? before.request.Ruleset,
  };
  glue.rulesets.put(Name, { ...before, request, modifiedAt: glue.deps.clock.now() });
  await glue.deps.store.commit();
  return { Name, Description: request.Description, Ruleset: request.Ruleset };
}

export async function deleteRuleset(glue: Glue, { Name = "" }: DeleteDataQualityRulesetCommandInput): Promise<object> {
  rulesetOf(glue, Name);
  glue.rulesets.delete(Name);
  await glue.deps.store.commit();
  return {};
}

export function listRulesets(
  glue: Glue,
  { Filter: filter = {}, NextToken, MaxResults, Tags: tags = {} }: ListDataQualityRulesetsCommandInput,
): Answer<ListDataQualityRulesetsCommandOutput> {
  const isTagged = ({ request }: RulesetRecord) =>
    Object.entries(tags).every(([key, value]) => request.Tags?.[key] === value);
  const wanted = [...glue.rulesets.values()].filter((record) => meets(record, filter) && isTagged(record));
  const { items, next } = page(wanted, NextToken, MaxResults, 1000);
  const Rulesets = items.map(({ request, createdAt, modifiedAt }) => ({
    Name: request.Name,
    Description: request.Description,
    TargetTable: request.TargetTable,
    CreatedOn: new Date(createdAt),
    LastModifiedOn: new Date(modifiedAt),
    RuleCount: readRuleset(request.Name ?? "", request.Ruleset ?? "").rules.length,
  }));
  return { Rulesets, NextToken: next };
}

function meets({ request, createdAt, modifiedAt }: RulesetRecord, filter: DataQualityRulesetFilterCriteria): boolean {
  const { Name, Description, TargetTable: target } = filter;
  const isOf =
    !target || (["DatabaseName", "TableName"] as const).every((key) => request.TargetTable?.[key] === target[key]);
  return (
    isOf &&
    (Name === undefined || request.Name === Name) &&
    (Description === undefined || (request.Description ?? "").includes(Description)) &&
    isWithin(createdAt, filter.CreatedAfter, filter.CreatedBefore) &&
    isWithin(modifiedAt, filter.LastModifiedAfter, filter.LastModifiedBefore)
  );
}

export const isWithin = (at: number, after: Date | undefined, before: Date | undefined): boolean =>
  (after === undefined || at > after.getTime()) && (before === undefined || at < before.getTime());

export function rulesetOf(glue: Glue, name: string): RulesetRecord {
  const record = glue.rulesets.get(name);
  if (!record) throw new EntityNotFoundException(`Data quality ruleset ${name} not found.`);
  return record;
}

/** Refuses what is no DQDL, or what cannot be evaluated here. */
export function readRuleset(name: string, text: string): Ruleset {
  try {
    return parseRuleset(text);
  } catch (cause) {
    if (!(cause instanceof DqdlError)) throw cause;
    throw new InvalidInputException(`Ruleset ${name} is not valid: ${cause.message}`, { cause });
  }
}
