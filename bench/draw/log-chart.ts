/** Small line charts with logarithmic axes, several beside and below each other in one SVG. Numbers in, text out. */

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  readonly lines: readonly Line[];
}

const size = { width: 440, height: 300, left: 62, right: 24, top: 44, bottom: 50 };
const colours = ["#0b6e99", "#c2570c", "#4d7c0f", "#7c3aed"];
const dashes = ["", "7 4", "2 3", "9 3 2 3"];
const font = `font-family="system-ui, sans-serif"`;

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const round = (value: number) => Math.round(value * 10) / 10;

function text(x: number, y: number, words: string, more = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" ${font} font-size="12" fill="#333" ${more}>${escape(words)}</text>`;
}

/** Whole powers of ten around the values. */
function decades(values: readonly number[]): { readonly from: number; readonly to: number } {
  const from = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const to = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  return { from, to: Math.max(to, from + 1) };
}

const superscripts: Readonly<Record<string, string>> = Object.fromEntries(
  [..."0123456789-"].map((c, n) => [c, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"[n] ?? ""]),
);

/** 0.01, 1, 100, then 10⁴. */
export function decadeLabel(power: number): string {
  if (Math.abs(power) <= 3) return String(10 ** power).replace(/^(0\.0*1).*/, "$1");
  return `10${[...String(power)].map((c) => superscripts[c]).join("")}`;
}

function axes(panel: Panel, x: Axis, y: Axis): string[] {
  const [left, bottom] = [size.left, size.height - size.bottom];
  const [right, top] = [size.width - size.right, size.top];
  const vertical = x.powers.flatMap((power) => [
    `<line x1="${x.at(10 ** power)}" x2="${x.at(10 ** power)}" y1="${top}" y2="${bottom}" stroke="#e3e3e3"/>`,
    text(x.at(10 ** power), bottom + 17, decadeLabel(power), `text-anchor="middle"`),
  ]);
  const horizontal = y.powers.flatMap((power) => [
    `<line x1="${left}" x2="${right}" y1="${y.at(10 ** power)}" y2="${y.at(10 ** power)}" stroke="#e3e3e3"/>`,
    text(left - 7, y.at(10 ** power) + 4, decadeLabel(power), `text-anchor="end"`),
  ]);
  return [
    ...vertical,
    ...horizontal,
    text(left, 20, panel.title, `font-weight="600"`),
    text(left, 36, panel.yName, `fill-opacity="0.8"`),
    text(right, bottom + 36, panel.xName, `text-anchor="end"`),
  ];
}

interface Axis {
  readonly powers: readonly number[];
  at(value: number): number;
}

function axis(values: readonly number[], from: number, to: number): Axis {
  const range = decades(values);
  const step = (to - from) / (range.to - range.from);
  return {
    powers: Array.from({ length: range.to - range.from + 1 }, (_, n) => range.from + n),
    at: (value) => round(from + step * (Math.log10(value) - range.from)),
  };
}

function drawLine(line: Line, n: number, x: Axis, y: Axis): string[] {
  const colour = colours[n % colours.length] ?? "#333";
  const points = line.points.map(([px, py]) => [x.at(px), y.at(py)] as const);
  const path = points.map((point) => point.join(",")).join(" ");
  const dash = dashes[n % dashes.length];
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash ? ` stroke-dasharray="${dash}"` : ""}/>`,
    ...points.map(([px, py]) => `<circle cx="${px}" cy="${py}" r="3.2" fill="${colour}"/>`),
  ];
}

function drawPanel(panel: Panel): string[] {
  const all = panel.lines.flatMap(({ points }) => points);
  if (all.length === 0) return [text(size.left, 20, `${panel.title}: nothing measured`)];
  const x = axis(
    all.map(([value]) => value),
    size.left,
    size.width - size.right,
  );
  const y = axis(
    all.map(([, value]) => value),
    size.height - size.bottom,
    size.top,
  );
  return [...axes(panel, x, y), ...panel.lines.flatMap((line, n) => drawLine(line, n, x, y))];
}

function legend(names: readonly string[], y: number): string[] {
  return names.flatMap((name, n) => {
    const x = size.left + n * 220;
    const dash = dashes[n % dashes.length];
    const stroke = `stroke="${colours[n % colours.length]}" stroke-width="2"${dash ? ` stroke-dasharray="${dash}"` : ""}`;
    return [`<line x1="${x}" x2="${x + 34}" y1="${y - 4}" y2="${y - 4}" ${stroke}/>`, text(x + 42, y, name)];
  });
}

/** @param columns panels beside each other; the lines of all panels are taken to be the same, in the same order */
export function logCharts(panels: readonly Panel[], columns: number, description: string): string {
  const rows = Math.ceil(panels.length / columns);
  const [width, height] = [columns * size.width, rows * size.height + 34];
  const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))];
  const placed = panels.map((panel, n) => {
    const [x, y] = [(n % columns) * size.width, Math.floor(n / columns) * size.height];
    return `<g transform="translate(${x} ${y})">\n${drawPanel(panel).join("\n")}\n</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(description)}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...placed,
    ...legend(names, height - 14),
    "</svg>\n",
  ].join("\n");
}
