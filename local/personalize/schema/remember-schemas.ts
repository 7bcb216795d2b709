/** Parses each schema once: every sent event asks for its dataset's. */
import { parseSchema, type ParsedSchema } from "./avro-schema.ts";

/** @throws Error for a text that is no valid schema: it was checked when it came */
export function rememberSchemas(): (text: string) => ParsedSchema {
  const known = new Map<string, ParsedSchema>();
  return (text) => {
    let schema = known.get(text);
    if (!schema) {
      const verdict = parseSchema(text);
      if (verdict.kind === "invalid") throw new Error(`A schema was valid when it was created: ${verdict.fault}`);
      known.set(text, (schema = verdict.schema));
    }
    return schema;
  };
}
