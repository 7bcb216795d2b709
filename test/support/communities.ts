/**
 * Small data with a known answer: users of six communities who each like their own community's ten items, in a seeded
 * order. A sequence model finds the community; popularity cannot tell one user from another.
 */
import { seededRandom } from "../../local/cloud/boot/chance.ts";
import type { OutrankConfigInput } from "../../pipeline/config/outrank-config.ts";

const communities = 6;
const itemsEach = 10;

export interface Communities {
  readonly users?: number;
  readonly rowsPerUser?: number;
  readonly seed?: number;
  /** Epoch seconds of the first row. */
  readonly from?: number;
  /** Items drawn from all communities: nothing can be learnt. */
  readonly shuffled?: boolean;
}

/** interactions.csv. */
export function interactionsCsv({
  users = 150,
  rowsPerUser = 12,
  seed = 1,
  from = 1_760_000_000,
  shuffled = false,
}: Communities = {}): string {
  const random = seededRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const rows = ["USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE"];
  for (let user = 0; user < users; user++) {
    for (let row = 0; row < rowsPerUser; row++) {
      const community = shuffled ? below(communities) : user % communities;
      rows.push(`u${user},i${community * itemsEach + below(itemsEach)},${from + user * 1000 + row * 60},view`);
    }
  }
  return `${rows.join("\n")}\n`;
}

/** items.csv with the community as category. */
export function itemsCsv(): string {
  const rows = Array.from(
    { length: communities * itemsEach },
    (_, i) => `i${i},Item ${i},c${Math.floor(i / itemsEach)}`,
  );
  return `ITEM_ID,TITLE,CATEGORY\n${rows.join("\n")}\n`;
}

const field = (name: string, type: string, extra: object = {}) => ({ name, type, ...extra });
const record = (name: string, fields: object[]) => ({
  type: "record",
  name,
  namespace: "com.amazonaws.personalize.schema",
  fields,
  version: "1.0",
});

/** One group `club` on these data; members given replace those of the group or of its solution. */
export function communitiesConfig({
  group = {},
  solution = {},
}: { group?: object; solution?: object } = {}): OutrankConfigInput {
  return {
    datasetGroups: [
      {
        name: "club",
        datasets: {
          interactions: {
            schema: record("Interactions", [
              field("USER_ID", "string"),
              field("ITEM_ID", "string"),
              field("TIMESTAMP", "long"),
              field("EVENT_TYPE", "string"),
            ]),
          },
          items: {
            schema: record("Items", [
              field("ITEM_ID", "string"),
              field("TITLE", "string"),
              field("CATEGORY", "string", { categorical: true }),
            ]),
          },
        },
        solutions: [{ name: "main", recipe: "aws-hrnn", decision: { profile: "demo" }, ...solution }],
        ...group,
      },
    ],
  } as OutrankConfigInput; // literal types of "record" and "string" are checked by resolveConfig
}
