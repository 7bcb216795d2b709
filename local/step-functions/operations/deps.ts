/** What the operations share: the tables, the runner, and how definitions are stored and checked. */
import type { ServiceDeps, Authorizer } from "../../cloud/ports/service.ts";
import type { Definitions } from "../program/definitions.ts";
import type { Runner } from "../runner/runner.ts";
import type { Tables } from "../runner/tables.ts";

export interface OperationDeps extends Pick<ServiceDeps, "clock" | "ids" | "store" | "account" | "region"> {
  readonly tables: Tables;
  readonly runner: Runner;
  readonly definitions: Definitions;
  readonly authorizer: Authorizer;
}
