/** Keeps an Avro schema; schemas are account-wide, immutable and have no status. */
import type { CreateSchemaRequest, CreateSchemaResponse } from "@aws-sdk/client-personalize";
import { born, freeArn, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, tooManyResources } from "../errors.ts";
import type { Checked } from "../model.ts";
import { parseSchema } from "../schema/avro-schema.ts";

export const createSchema =
  (plane: ControlPlane) =>
  async ({ name, schema, domain }: Checked<CreateSchemaRequest>): Promise<CreateSchemaResponse> => {
    const verdict = parseSchema(schema, domain);
    if (verdict.kind === "invalid") throw new InvalidInputException(`Invalid schema ${name}: ${verdict.fault}.`);
    const schemaArn = freeArn(plane, "schema", name);
    const quota = plane.settings.quotas.schemas;
    if (plane.tables.schema.size >= quota) throw tooManyResources("a schema", quota);
    plane.tables.schema.put(schemaArn, { name, schemaArn, schema, domain, ...born(plane) });
    await plane.store.commit();
    return { schemaArn };
  };
