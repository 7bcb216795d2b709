/** The Data Catalog in templates: AWS::Glue::Database and AWS::Glue::Table. Ref is the name. */
import type { DatabaseInput, TableInput } from "@aws-sdk/client-glue";
import * as z from "zod";
import { physicalName } from "../../cloud/ports/physical-name.ts";
import type { Provisioner } from "../../cloud/ports/service.ts";
import { createDatabase, deleteDatabase } from "../operations/databases.ts";
import { createTable, deleteTable, updateTable } from "../operations/tables.ts";
import type { Glue } from "../state.ts";

const DatabaseProperties = z.looseObject({
  DatabaseInput: z.looseObject({ Name: z.string().optional() }).default({}),
  DatabaseName: z.string().optional(),
});

export function databaseProvisioner(glue: Glue): Provisioner {
  return {
    type: "AWS::Glue::Database",
    async apply({ stackName, logicalId, properties }) {
      const { DatabaseInput: wanted, DatabaseName } = DatabaseProperties.parse(properties);
      const name = (wanted.Name ?? DatabaseName ?? physicalName(stackName, logicalId, 255)).toLowerCase();
      const input = { ...wanted, Name: name } as DatabaseInput; // CloudFormation resolved it; its form is the API's
      const known = glue.databases.get(name);
      if (!known) await createDatabase(glue, { DatabaseInput: input });
      else if (JSON.stringify(known.input) !== JSON.stringify(input)) {
        glue.databases.put(name, { ...known, input });
        await glue.deps.store.commit();
      }
      return { ref: name, attributes: {} };
    },
    async remove(name) {
      if (glue.databases.has(name)) await deleteDatabase(glue, { Name: name });
    },
  };
}

const Count = z.coerce.number().int();
const Flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

const TableProperties = z.looseObject({
  DatabaseName: z.string(),
  TableInput: z.looseObject({
    Name: z.string().optional(),
    Retention: Count.optional(),
    StorageDescriptor: z
      .looseObject({
        Compressed: Flag.optional(),
        NumberOfBuckets: Count.optional(),
        StoredAsSubDirectories: Flag.optional(),
      })
      .optional(),
  }),
});

export function tableProvisioner(glue: Glue): Provisioner {
  return {
    type: "AWS::Glue::Table",
    async apply({ stackName, logicalId, properties }) {
      const { DatabaseName, TableInput: wanted } = TableProperties.parse(properties);
      const name = (wanted.Name ?? physicalName(stackName, logicalId, 255)).toLowerCase();
      const input = { ...wanted, Name: name } as TableInput; // CloudFormation resolved it; its form is the API's
      const known = glue.tables.get(`${DatabaseName}/${name}`.toLowerCase());
      const request = { DatabaseName, TableInput: input };
      if (!known) await createTable(glue, request);
      else if (JSON.stringify(known.input) !== JSON.stringify(input)) await updateTable(glue, request);
      // Tables of several databases may have one name.
      return { ref: name, physicalId: `${DatabaseName}/${name}`.toLowerCase(), attributes: {} };
    },
    async remove(physicalId) {
      const known = glue.tables.get(physicalId);
      if (known) await deleteTable(glue, { DatabaseName: known.databaseName, Name: known.input.Name });
    },
  };
}
