/**
 * Names a list of related items after what they have in common: the categories and the words of names and descriptions that are
 * frequent among them and rare in the catalogue. No language model: a theme is one or two of these words, not a phrase. Pure.
 *
 *   weight of a feature in a list = share · ln(share / share in the catalogue)      relevance of an item = cos(item, list)
 *
 * the item with weight idf for each of its features (Salton and Buckley 1988), the list with the weights of its strongest features.
 */
export interface ThemeSource {
  /** Categorical columns. */
  readonly categories: readonly string[];
  /** The item's name, and the textual column. */
  readonly texts: readonly string[];
}

export type ThemeRow = Readonly<Record<string, unknown>>;

export interface Theme {
  readonly theme: string;
  /** The list's positions, the most relevant first. */
  readonly order: readonly number[];
  /** In [0, 1], in that order. */
  readonly relevance: readonly number[];
}

/** How many of some items of the catalogue have a feature. */
export interface Frequencies {
  readonly items: number;
  readonly of: ReadonlyMap<string, number>;
}

/** What begins the key of a word; categories begin with their column's name. */
const wordMark = " ";
const word = /\p{L}[\p{L}\p{N}'’-]{2,}/gu;
/** Too frequent in English to say anything, also where a catalogue is too small to show it. */
const functionWords = new Set(
  "all and are but can for from has have her his its more not our out she that the their they this was who will with you your".split(
    " ",
  ),
);
/** A word that more of the catalogue has tells nothing apart. */
const commonShare = 0.2;
const leastShare = 1 / 3;
const strongest = 12;
/** Words are less sure than what somebody has put into a category. */
const wordWeight = 0.5;

/** An item's features by key, with how they are written. */
export function featuresOf(row: ThemeRow | undefined, { categories, texts }: ThemeSource): Map<string, string> {
  const found = new Map<string, string>();
  for (const column of categories) {
    for (const value of textIn(row, column).split("|")) {
      const label = value.trim();
      if (label !== "") found.set(`${column}${wordMark}${label.toLowerCase()}`, label);
    }
  }
  for (const column of texts) {
    for (const [label] of textIn(row, column).matchAll(word)) {
      const key = label.toLowerCase();
      if (!functionWords.has(key)) found.set(`${wordMark}${key}`, label.charAt(0).toUpperCase() + label.slice(1));
    }
  }
  return found;
}

const textIn = (row: ThemeRow | undefined, column: string) => {
  const value = row?.[column];
  return typeof value === "string" ? value : "";
};

export function frequenciesOf(rows: readonly ThemeRow[], source: ThemeSource): Frequencies {
  const of = new Map<string, number>();
  for (const row of rows) for (const key of featuresOf(row, source).keys()) of.set(key, (of.get(key) ?? 0) + 1);
  return { items: rows.length, of };
}

const catalogueShare = (key: string, { items, of }: Frequencies) => ((of.get(key) ?? 0) + 1) / (items + 2);

interface Weighed {
  readonly key: string;
  readonly label: string;
  readonly weight: number;
}

/** What most tells the list from the catalogue, the strongest first. */
function weigh(items: readonly ReadonlyMap<string, string>[], frequencies: Frequencies): Weighed[] {
  const counts = new Map<string, { label: string; count: number }>();
  for (const features of items) {
    for (const [key, label] of features) {
      const before = counts.get(key) ?? { label, count: 0 };
      counts.set(key, { label: before.label, count: before.count + 1 });
    }
  }
  const weighed = [...counts].flatMap(([key, { label, count }]): Weighed[] => {
    const share = count / items.length;
    const usual = catalogueShare(key, frequencies);
    const isWord = key.startsWith(wordMark);
    if (count < 2 || share < leastShare || share <= usual || (isWord && usual > commonShare)) return [];
    return [{ key, label, weight: share * Math.log(share / usual) * (isWord ? wordWeight : 1) }];
  });
  return weighed.sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1)).slice(0, strongest);
}

/** One or two labels; the second must be nearly as strong, and another word. */
function nameOf([first, ...others]: readonly Weighed[]): string | undefined {
  if (!first) return undefined;
  const isOther = ({ label }: Weighed) => label.toLowerCase() !== first.label.toLowerCase();
  const second = others.find((each) => isOther(each) && each.weight >= first.weight / 2);
  return second ? `${first.label} and ${second.label}` : first.label;
}

function relevanceOf(features: ReadonlyMap<string, string>, list: readonly Weighed[], frequencies: Frequencies) {
  const idf = (key: string) => -Math.log(catalogueShare(key, frequencies));
  const norm = Math.hypot(...[...features.keys()].map(idf)) * Math.hypot(...list.map(({ weight }) => weight));
  const dot = list.reduce((sum, { key, weight }) => (features.has(key) ? sum + weight * idf(key) : sum), 0);
  return norm === 0 ? 0 : dot / norm;
}

/**
 * @param rows the items of the list, metadata by column
 * @param name of the item that was asked with, for a list that has nothing in common
 */
export function themeOf(
  rows: readonly (ThemeRow | undefined)[],
  name: string,
  { source, frequencies }: { readonly source: ThemeSource; readonly frequencies: Frequencies },
): Theme {
  const items = rows.map((row) => featuresOf(row, source));
  const list = weigh(items, frequencies);
  const scores = items.map((features) => relevanceOf(features, list, frequencies));
  const order = scores.map((_, n) => n).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const relevance = order.map((n) => Math.round((scores[n] ?? 0) * 1e8) / 1e8);
  return { theme: nameOf(list) ?? `Similar to ${name}`, order, relevance };
}
