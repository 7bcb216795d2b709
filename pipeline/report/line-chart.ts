/** One metric over the runs: a line each for candidate, baseline and live version; a run that promoted is a full dot. */
import { shown } from "../records/wording.ts";
import { legend, type Role, roles } from "./bar-chart.ts";
import { html, type Markup } from "./markup.ts";

export interface Point {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly promoted: boolean;
  /** What a pointer that rests on the dot is told. */
  readonly title: string;
  readonly values: Readonly<Record<Role, number | null>>;
}

const size = { width: 900, height: 240, left: 60, right: 12, top: 26, bottom: 26 };

interface Scale {
  x(at: number): number;
  y(value: number): number;
  readonly low: number;
  readonly high: number;
}

/** With a little air above and below; a single value stands in the middle. */
function scaleOf(points: readonly Point[]): Scale {
  const values = points.flatMap(({ values: each }) => roles.flatMap((role) => each[role] ?? []));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = (most - least) * 0.1 || Math.abs(most) * 0.1 || 1;
  const [low, high] = [least - air, most + air];
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const [width, height] = [size.width - size.left - size.right, size.height - size.top - size.bottom];
  return {
    ...{ low, high },
    x: (at) => size.left + (to > from ? (at - from) / (to - from) : 0.5) * width,
    y: (value) => size.top + (1 - (value - low) / (high - low)) * height,
  };
}

function lineOf(role: Role, points: readonly Point[], { x, y }: Scale): Markup {
  const present = points.flatMap(({ values, ...point }) =>
    values[role] === null ? [] : [{ ...point, value: values[role] }],
  );
  const path = present.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return html`<polyline class="${role}" points="${path}" />${present.map(
      ({ at, value, promoted, title }) =>
        html`<circle
          class="${role} ${role === "candidate" && !promoted ? "hollow" : ""}"
          cx="${x(at).toFixed(1)}"
          cy="${y(value).toFixed(1)}"
          r="${role === "candidate" ? 5 : 2.5}"
          ><title>${title}: ${role} ${shown(value)}</title></circle
        >`,
    )}`;
}

/** @param points by time; at least one has a value. */
export function lineChart(points: readonly Point[]): Markup {
  const scale = scaleOf(points);
  const marks = [0, 0.5, 1].map((share) => scale.low + share * (scale.high - scale.low));
  const ends = [points[0], points.at(-1)].flatMap((point) => (point === undefined ? [] : [point.at]));
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return html`<svg
    viewBox="0 0 ${size.width} ${size.height}"
    role="img"
    aria-label="Over time; the table has the numbers"
  >
    ${legend(roles, size.left)}
    ${marks.map(
      (value) =>
        html`<line
            class="axis"
            x1="${size.left}"
            x2="${size.width - size.right}"
            y1="${scale.y(value)}"
            y2="${scale.y(value)}"
          />
          <text class="soft" x="${size.left - 8}" y="${scale.y(value) + 4}" text-anchor="end"
            >${shown(Number(value.toPrecision(3)))}</text
          >`,
    )}
    ${[...new Set(ends)].map(
      (at, index) =>
        html`<text
          class="soft"
          x="${scale.x(at)}"
          y="${size.height - 6}"
          text-anchor="${ends[0] === ends[1] ? "middle" : index === 0 ? "start" : "end"}"
          >${day(at)}</text
        >`,
    )}
    ${[...roles].reverse().map((role) => lineOf(role, points, scale))}
  </svg>`;
}
