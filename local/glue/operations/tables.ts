/** CreateTable, GetTable, GetTables, UpdateTable, DeleteTable. */
import type {
  CreateTableCommandInput,
  DeleteTableCommandInput,
  GetTableCommandInput,
  GetTableCommandOutput,
  GetTablesCommandInput,
  GetTablesCommandOutput,
  Table,
  TableInput,
  UpdateTableCommandInput,
} from "@aws-sdk/client-glue";
import { page } from "../../cloud/ports/page.ts";
import {
  AlreadyExistsException,
  type Answer,
  EntityNotFoundException,
  type Glue,
  InvalidInputException,
  type TableRecord,
} from "../state.ts";
import { databaseOf } from "./databases.ts";

const keyOf = (databaseName: string, name: string) => `${databaseName}/${name}`.toLowerCase();

export async function createTable(glue: Glue, input: CreateTableCommandInput): Promise<object> {
  const { DatabaseName = "", TableInput: table } = input;
  if (!table) throw new InvalidInputException("TableInput is required: the embedded cloud has no open table formats.");
  const databaseName = databaseOf(glue, DatabaseName).input.Name ?? "";
  const name = (table.Name ?? "").toLowerCase();
  if (glue.tables.has(keyOf(databaseName, name))) throw new AlreadyExistsException("Table already exists.");
  const now = glue.deps.clock.now();
  const record = { databaseName, input: storable(table, name), createdAt: now, updatedAt: now, version: 0 };
  glue.tables.put(keyOf(databaseName, name), record);
  await glue.deps.store.commit();
  return {};
}

export function getTable(glue: Glue, input: GetTableCommandInput): Answer<GetTableCommandOutput> {
  databaseOf(glue, input.DatabaseName ?? "");
  return { Table: toTable(glue, tableOf(glue, input.DatabaseName ?? "", input.Name ?? "")) };
}

/** `Expression` is a regular expression that the whole name must match. */
export function getTables(glue: Glue, input: GetTablesCommandInput): Answer<GetTablesCommandOutput> {
  const databaseName = databaseOf(glue, input.DatabaseName ?? "").input.Name;
  const wanted = wholeName(input.Expression);
  const all = [...glue.tables.values()].filter((table) => table.databaseName === databaseName);
  const tables = all.filter((table) => wanted.test(table.input.Name ?? "")).map((record) => toTable(glue, record));
  const { items, next } = page(tables, input.NextToken, input.MaxResults);
  return { TableList: items, NextToken: next };
}

/** A lone `*` is any text, as people write it. */
function wholeName(expression = ".*"): RegExp {
  try {
    return new RegExp(`^(?:${expression.replace(/(?<![.)\]\w])\*/g, ".*")})$`, "i");
  } catch (cause) {
    throw new InvalidInputException(`Expression ${expression} is no regular expression`, { cause });
  }
}

export async function updateTable(glue: Glue, input: UpdateTableCommandInput): Promise<object> {
  const { DatabaseName = "", TableInput: table } = input;
  if (!table) throw new InvalidInputException("TableInput is required: the embedded cloud has no open table formats.");
  const before = tableOf(glue, DatabaseName, table.Name ?? "");
  const after = storable(table, before.input.Name ?? "");
  const version = before.version + 1;
  glue.tables.put(keyOf(before.databaseName, after.Name ?? ""), {
    ...{ ...before, input: after, version },
    updatedAt: glue.deps.clock.now(),
  });
  await glue.deps.store.commit();
  return {};
}

export async function deleteTable(glue: Glue, input: DeleteTableCommandInput): Promise<object> {
  const { databaseName, input: table } = tableOf(glue, input.DatabaseName ?? "", input.Name ?? "");
  glue.tables.delete(keyOf(databaseName, table.Name ?? ""));
  await glue.deps.store.commit();
  return {};
}

export function tableOf(glue: Glue, databaseName: string, name: string): TableRecord {
  const record = glue.tables.get(keyOf(databaseName, name));
  if (!record) throw new EntityNotFoundException(`Table ${name.toLowerCase()} not found.`);
  return record;
}

/** Dates do not survive JSON; nobody asks for these two, so they go. */
function storable(table: TableInput, name: string): TableInput {
  return { ...table, Name: name, LastAccessTime: undefined, LastAnalyzedTime: undefined };
}

export const toTable = ({ deps }: Pick<Glue, "deps">, record: TableRecord): Table => ({
  ...record.input,
  Name: record.input.Name,
  DatabaseName: record.databaseName,
  CreateTime: new Date(record.createdAt),
  UpdateTime: new Date(record.updatedAt),
  CatalogId: deps.account,
  VersionId: String(record.version),
  IsRegisteredWithLakeFormation: false,
  ViewDefinition: undefined,
});
