/** The frame of a report: one file that needs nothing else, runs no script, and reads well in light and dark and on paper. */
import { html, type Markup } from "./markup.ts";

// A constant of ours, so that it needs no escaping: `html` keeps the text between its parts as it is.
const style = html`<style>
  :root {
    color-scheme: light dark;
    --ink: #1d2430;
    --soft: #5b6675;
    --line: #dde2ea;
    --page: #fff;
    --card: #f6f8fb;
    --candidate: #2563eb;
    --baseline: #8a94a3;
    --live: #d97706;
    --good: #15803d;
    --bad: #b91c1c;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ink: #e6eaf0;
      --soft: #9aa6b6;
      --line: #2d3644;
      --page: #12161d;
      --card: #1a2029;
      --candidate: #60a5fa;
      --baseline: #7b8797;
      --live: #fbbf24;
      --good: #4ade80;
      --bad: #f87171;
    }
  }
  * {
    box-sizing: border-box;
  }
  body {
    margin: 0 auto;
    padding: 2rem 1.25rem 4rem;
    max-width: 62rem;
    background: var(--page);
    color: var(--ink);
    font:
      15px/1.5 system-ui,
      -apple-system,
      "Segoe UI",
      sans-serif;
  }
  h1 {
    font-size: 1.6rem;
    line-height: 1.25;
    margin: 0 0 0.25rem;
  }
  h2 {
    font-size: 1.15rem;
    margin: 2.25rem 0 0.5rem;
  }
  p {
    margin: 0.25rem 0;
  }
  .soft {
    color: var(--soft);
  }
  .good {
    color: var(--good);
  }
  .bad {
    color: var(--bad);
  }
  .badge {
    display: inline-block;
    padding: 0.05rem 0.6rem;
    border: 1px solid;
    border-radius: 1rem;
    font-size: 0.85rem;
    font-weight: 600;
    white-space: nowrap;
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 0.5rem;
    padding: 0.75rem 1rem;
    margin: 0.75rem 0;
  }
  .reason {
    white-space: pre-line;
  }
  .wide {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    text-align: left;
    padding: 0.3rem 0.75rem 0.3rem 0;
    border-bottom: 1px solid var(--line);
    vertical-align: top;
    overflow-wrap: break-word;
  }
  th {
    font-weight: 600;
    color: var(--soft);
    font-size: 0.85rem;
  }
  td.number,
  th.number {
    text-align: right;
    white-space: nowrap;
  }
  td.name {
    white-space: nowrap;
  }
  code {
    font:
      0.9em ui-monospace,
      "SF Mono",
      Menlo,
      monospace;
    overflow-wrap: anywhere;
  }
  svg {
    display: block;
    width: 100%;
    height: auto;
  }
  svg text {
    fill: var(--ink);
    font:
      12px system-ui,
      sans-serif;
  }
  svg .soft {
    fill: var(--soft);
  }
  .axis {
    stroke: var(--line);
    stroke-width: 1;
  }
  .candidate {
    fill: var(--candidate);
    stroke: var(--candidate);
  }
  .baseline {
    fill: var(--baseline);
    stroke: var(--baseline);
  }
  .live {
    fill: var(--live);
    stroke: var(--live);
  }
  polyline {
    fill: none !important;
    stroke-width: 2;
  }
  circle.hollow {
    fill: var(--page);
    stroke-width: 2;
  }
  a {
    color: var(--candidate);
  }
  @media print {
    body {
      max-width: none;
      padding: 0;
    }
    .card {
      break-inside: avoid;
    }
  }
</style>`;

export function pageOf(title: string, ...body: readonly Markup[]): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        ${style}
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}

/** A table that scrolls sideways where it must. Columns named in `numbers` (by position) are right-aligned. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly (Markup | string | number)[])[],
  numbers: readonly number[] = [],
): Markup {
  const kind = (at: number): string => (numbers.includes(at) ? "number" : at === 0 ? "name" : "");
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${head.map((cell, at) => html`<th class="${kind(at)}">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => html`<td class="${kind(at)}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const tones: Readonly<Record<string, string>> = { PROMOTE: "good", FAILED: "bad" };

export const badge = (outcome: string): Markup =>
  html`<span class="badge ${tones[outcome] ?? "soft"}">${outcome}</span>`;
