/** All schemas of the account. */
import type { DatasetSchemaSummary, ListSchemasRequest, ListSchemasResponse } from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listSchemas =
  (plane: ControlPlane) =>
  (input: ListSchemasRequest): ListSchemasResponse => {
    const { items, nextToken } = listRows<"schema", DatasetSchemaSummary>(plane, "schema", {
      ...input,
      members: ["name", "schemaArn", "creationDateTime", "lastUpdatedDateTime", "domain"],
    });
    return { schemas: items, nextToken };
  };
