import { describe, expect, it } from "@jest/globals";
import { AvroSchema, type DatasetType } from "../../../pipeline/config/avro-schema.ts";
import { schemaChange } from "../../../pipeline/schemas/schema-change.ts";

const schema = (...fields: object[]) => AvroSchema.parse({ type: "record", name: "Items", fields });
const id = { name: "ITEM_ID", type: "string" };
const price = { name: "PRICE", type: "float" };

describe("another schema", () => {
  it.each<{ why: string; type?: DatasetType; after: AvroSchema; faults: string[]; diff: string[] }>([
    { why: "only in another order", after: schema(price, id), faults: [], diff: [] },
    {
      why: "with a column that may be empty",
      after: schema(id, price, { name: "COLOUR", type: ["string", "null"], categorical: true }),
      faults: [],
      diff: ["+ COLOUR: string or null, categorical"],
    },
    {
      why: "with a column that may not be empty",
      after: schema(id, price, { name: "COLOUR", type: "string" }),
      ...{ faults: ["new column COLOUR must allow null"], diff: ["+ COLOUR: string"] },
    },
    { why: "without a column", after: schema(id), faults: ["column PRICE was removed"], diff: ["- PRICE: float"] },
    {
      why: "with a column that may now be empty",
      after: schema(id, { name: "PRICE", type: ["null", "float"] }),
      ...{
        faults: ["column PRICE was changed from float to float or null"],
        diff: ["~ PRICE: float -> float or null"],
      },
    },
    {
      why: "of interactions",
      type: "interactions",
      after: schema(id, price, { name: "COLOUR", type: ["null", "string"] }),
      ...{ faults: ["the service cannot change the schema of interactions"], diff: ["+ COLOUR: string or null"] },
    },
  ])("$why", ({ type = "items", after, faults, diff }) => {
    expect(schemaChange(type, schema(id, price), after)).toMatchObject({ faults, diff });
  });
});
