/** Dataset group, datasets, event tracker and tags of the parameter file, turned into members of a group. */
import { datasetTypes, type DatasetType } from "../../../pipeline/config/avro-schema.ts";
import { Tags } from "../../../pipeline/config/tags.ts";
import type { Source } from "./source.ts";

const recordNames: Readonly<Record<DatasetType, string>> = {
  interactions: "Interactions",
  users: "Users",
  items: "Items",
  actions: "Actions",
  "action-interactions": "ActionInteractions",
};

const ownNames = "Outrank gives this a name of its own";

/** `[{tagKey, tagValue}]` as an object. */
export function tagsFrom(source: Source): Record<string, string> | undefined {
  if (source.value === undefined) return undefined;
  const entries = source.elements().map((tag) => [tag.member("tagKey").text(), tag.member("tagValue").text()]);
  const tags = Object.fromEntries(entries.filter(([key, value]) => key !== undefined && value !== undefined)) as Record<
    string,
    string
  >;
  const parsed = Tags.safeParse(tags);
  if (parsed.success) return Object.keys(tags).length === 0 ? undefined : tags;
  source.leave(`not tags that every service takes: ${parsed.error.issues[0]?.message}`);
  return undefined;
}

/** Tags of single resources; only project and group have a place for tags. */
export const leaveTags = (source: Source): void =>
  source.leave("resources are tagged by project and group; put these tags into the group's tags, if you need them");

export function datasetsFrom(source: Source): Record<string, unknown> {
  const shared = source.member("serviceConfig");
  const importMode = shared.member("importMode").text();
  leaveTags(shared.member("tags"));
  shared.member("timestamps").leave("files are recognised by their content; no timestamps are kept by hand");
  const known = datasetTypes.map((type) => ({ type, key: source.keys().find((key) => normal(key) === normal(type)) }));
  return Object.fromEntries(
    known.flatMap(({ type, key }) => {
      if (key === undefined) return [];
      const dataset = datasetFrom(source.member(key), type, importMode);
      return dataset === undefined ? [] : [[type, dataset] as const];
    }),
  );
}

const normal = (type: string) => type.toLowerCase().replace(/[^a-z]/g, "");

function datasetFrom(source: Source, type: DatasetType, shared: string | undefined): object | undefined {
  const service = source.member("dataset").member("serviceConfig");
  service.member("name").changed(ownNames);
  leaveTags(service.member("tags"));
  const described = source.member("schema").member("serviceConfig");
  described.member("name").changed(ownNames);
  described.member("domain").take(); // the group's domain says it
  const schema = schemaFrom(described.member("schema"), type);
  const mode = service.member("importMode").text() ?? shared;
  if (schema === undefined) source.leave("has no Avro schema, so this dataset was left out");
  return schema === undefined ? undefined : { schema, ...(mode === "INCREMENTAL" ? { importMode: mode } : {}) };
}

/** As an object or, as the API has it, as JSON text. */
function schemaFrom(source: Source, type: DatasetType): object | undefined {
  const given = typeof source.value === "string" ? parsedJson(source.value) : source.value;
  source.take();
  if (typeof given !== "object" || given === null) return undefined;
  const { fields, name, namespace, version, ...others } = given as Record<string, unknown>;
  delete others["type"];
  for (const key of Object.keys(others)) source.changed(`without "${key}", which Personalize does not read`);
  if (name !== recordNames[type])
    source.changed(`its record is now named "${recordNames[type]}", as the service has it`);
  return {
    ...{ type: "record", name: recordNames[type] },
    ...{ namespace: namespace ?? "com.amazonaws.personalize.schema" },
    fields: Array.isArray(fields) ? fields.map((field) => fieldFrom(field, source)) : fields,
    version: version ?? "1.0",
  };
}

const fieldMembers = ["name", "type", "categorical", "textual", "itemName"];

function fieldFrom(field: unknown, source: Source): unknown {
  if (typeof field !== "object" || field === null) return field;
  const others = Object.keys(field).filter((key) => !fieldMembers.includes(key));
  for (const key of others) source.changed(`column ${String((field as { name?: unknown }).name)} without "${key}"`);
  return Object.fromEntries(Object.entries(field).filter(([key]) => fieldMembers.includes(key)));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says that it is no schema
  }
}

/** Is there a tracker? Its name and tags are Outrank's. */
export function trackerFrom(source: Source): boolean {
  if (source.value === undefined) return false;
  const service = source.member("serviceConfig");
  service.member("name").changed(`${ownNames}; a new tracker has a new tracking id, which senders of events need`);
  leaveTags(service.member("tags"));
  return true;
}
