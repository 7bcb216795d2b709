/** Metrics of candidate, baseline and live version as bars: a band for each metric, each to its own scale. */
import { shortly, shown } from "../records/wording.ts";
import { html, type Markup } from "./markup.ts";

export const roles = ["candidate", "baseline", "live"] as const;
export type Role = (typeof roles)[number];

export interface Band {
  readonly metric: string;
  /** Undefined where the metric is missing. */
  readonly values: Readonly<Partial<Record<Role, number | undefined>>>;
}

const size = { width: 900, label: 170, value: 70, bar: 12, gap: 3, band: 14 };

const known = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);

function bandOf({ metric, values }: Band, top: number): { readonly drawn: Markup; readonly height: number } {
  const present = roles.filter((role) => known(values[role]));
  const greatest = Math.max(...present.map((role) => values[role] ?? 0), Number.MIN_VALUE);
  const longest = size.width - size.label - size.value;
  const bars = present.map((role, at) => {
    const value = values[role] ?? 0;
    const y = top + at * (size.bar + size.gap);
    const width = Math.max(1, (Math.max(0, value) / greatest) * longest);
    return html`<rect
        class="${role}"
        x="${size.label}"
        y="${y}"
        width="${width.toFixed(1)}"
        height="${size.bar}"
        rx="2"
      />
      <text x="${(size.label + width + 6).toFixed(1)}" y="${y + size.bar - 2}">${shown(value)}</text>`;
  });
  const drawn = html`<text x="0" y="${top + size.bar - 2}">${shortly(metric)}</text>${bars}`;
  return { drawn, height: Math.max(1, present.length) * (size.bar + size.gap) + size.band };
}

export function barChart(bands: readonly Band[]): Markup {
  let top = 26;
  const drawn = bands.map((band) => {
    const { drawn: markup, height } = bandOf(band, top);
    top += height;
    return markup;
  });
  return html`<svg viewBox="0 0 ${size.width} ${top}" role="img" aria-label="Metrics; the table has the numbers">
    ${legend(bands.some(({ values }) => known(values.live)) ? roles : roles.slice(0, 2), size.label)}${drawn}
  </svg>`;
}

const words: Readonly<Record<Role, string>> = {
  candidate: "candidate",
  baseline: "baseline",
  live: "live, on its own data",
};

/** Squares and words in a row. */
export const legend = (shownRoles: readonly Role[], left: number): Markup =>
  html`${shownRoles.map(
    (role, at) =>
      html`<rect class="${role}" x="${left + at * 110}" y="2" width="10" height="10" rx="2" />
        <text class="soft" x="${left + at * 110 + 15}" y="11">${words[role]}</text>`,
  )}`;
