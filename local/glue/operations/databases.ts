/** CreateDatabase, GetDatabase, GetDatabases, DeleteDatabase. Names are kept in small letters, as Glue does. */
import type {
  CreateDatabaseCommandInput,
  Database,
  DeleteDatabaseCommandInput,
  GetDatabaseCommandInput,
  GetDatabaseCommandOutput,
  GetDatabasesCommandInput,
  GetDatabasesCommandOutput,
} from "@aws-sdk/client-glue";
import { page } from "../../cloud/ports/page.ts";
import {
  AlreadyExistsException,
  type Answer,
  type DatabaseRecord,
  EntityNotFoundException,
  type Glue,
} from "../state.ts";

export async function createDatabase(
  glue: Glue,
  { DatabaseInput: input }: CreateDatabaseCommandInput,
): Promise<object> {
  const name = (input?.Name ?? "").toLowerCase();
  if (glue.databases.has(name)) throw new AlreadyExistsException("Database already exists.");
  glue.databases.put(name, { input: { ...input, Name: name }, createdAt: glue.deps.clock.now() });
  await glue.deps.store.commit();
  return {};
}

export function getDatabase(glue: Glue, { Name = "" }: GetDatabaseCommandInput): Answer<GetDatabaseCommandOutput> {
  return { Database: toDatabase(glue, databaseOf(glue, Name)) };
}

export function getDatabases(glue: Glue, input: GetDatabasesCommandInput): Answer<GetDatabasesCommandOutput> {
  const all = [...glue.databases.values()].map((record) => toDatabase(glue, record));
  const { items, next } = page(all, input.NextToken, input.MaxResults);
  return { DatabaseList: items, NextToken: next };
}

/** Takes its tables along. */
export async function deleteDatabase(glue: Glue, { Name = "" }: DeleteDatabaseCommandInput): Promise<object> {
  const name = databaseOf(glue, Name).input.Name ?? "";
  for (const [key, table] of [...glue.tables.entries()]) if (table.databaseName === name) glue.tables.delete(key);
  glue.databases.delete(name);
  await glue.deps.store.commit();
  return {};
}

export function databaseOf(glue: Glue, name: string): DatabaseRecord {
  const record = glue.databases.get(name.toLowerCase());
  if (!record) throw new EntityNotFoundException(`Database ${name.toLowerCase()} not found.`);
  return record;
}

const toDatabase = ({ deps }: Glue, { input, createdAt }: DatabaseRecord): Database => ({
  ...input,
  Name: input.Name,
  CreateTime: new Date(createdAt),
  CatalogId: deps.account,
});
