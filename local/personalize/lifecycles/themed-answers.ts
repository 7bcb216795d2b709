/** How a batch inference job in the mode THEME_GENERATION answers: related items, the most relevant first, with a theme for each list. */
import { answerLine, themeLine, type Answer } from "../batch/lines.ts";
import { frequenciesOf, themeOf, type ThemeRow, type ThemeSource } from "../batch/themes.ts";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { schemaInGroup } from "../serving/campaign-request.ts";
import type { Serving } from "../serving/open.ts";

/** Items of the catalogue that tell what is usual in it. */
const sampled = 5000;

/** What the group's Items have for themes; refused where the service would have nothing to read. */
export function themeSourceOf(plane: ControlPlane, datasetGroupArn: string, itemName: string): ThemeSource {
  const fields = schemaInGroup(plane, datasetGroupArn, "ITEMS")?.fields;
  if (!fields) {
    throw new InvalidInputException(`${datasetGroupArn} has no Items dataset, from which themes are made.`);
  }
  const name = fields.find((field) => field.name.toUpperCase() === itemName.toUpperCase());
  if (!name || name.types[0] !== "string") {
    throw new InvalidInputException(
      `fieldsForThemeGeneration.itemName is ${itemName}, which is no string column of the Items dataset. It has: ${fields.map((field) => field.name).join(", ")}.`,
    );
  }
  const textual = fields.filter((field) => field.textual).map((field) => field.name);
  if (textual.length === 0) {
    throw new InvalidInputException(
      "Themes need a textual column of the Items dataset, e.g. a description: add one with UpdateDataset.",
    );
  }
  const categories = fields.filter((field) => field.categorical && field !== name).map((field) => field.name);
  return { categories, texts: [name.name, ...textual] };
}

/** Rows of some items, evenly over the list. */
function sampleOf(
  { jobs }: ControlPlane,
  { serving, datasetGroupArn }: Serving,
  columns: readonly string[],
): ThemeRow[] {
  const { items } = serving.model;
  const count = Math.min(sampled, items.length);
  const ids = Array.from({ length: count }, (_, n) => items[Math.floor((n * items.length) / count)] as string);
  const values = columns.map((column) => jobs.metadataColumn(datasetGroupArn, "ITEMS", ids, column));
  return ids.map((_, n) => Object.fromEntries(columns.map((column, c) => [column, values[c]?.[n]])));
}

/** Makes, once for a job, what turns a list of items into a line. */
export function themedLines(plane: ControlPlane, version: Serving, itemName: string) {
  const source = themeSourceOf(plane, version.datasetGroupArn, itemName);
  const columns = [...source.categories, ...source.texts];
  const catalogue = { source, frequencies: frequenciesOf(sampleOf(plane, version, columns), source) };
  const rowOf = (id: string) => plane.jobs.metadataOf(version.datasetGroupArn, "ITEMS", id, columns);
  return (input: unknown, asked: string, items: readonly Answer[]): string => {
    if (items.length === 0) return answerLine(input, items);
    const name = rowOf(asked)?.[source.texts[0] ?? ""];
    const rows = items.map(({ itemId = "" }) => rowOf(itemId));
    return themeLine(input, items, themeOf(rows, typeof name === "string" ? name : asked, catalogue));
  };
}
