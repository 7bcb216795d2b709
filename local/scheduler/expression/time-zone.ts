/** Wall-clock time in a zone, by way of Intl: what a clock there shows at an instant, and at which instant it shows a time. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

export interface TimeZone {
  wallTime(instant: number): WallTime;
  /** The first instant at which clocks show this; undefined for a time that is skipped when clocks go forward. */
  instantOf(wall: WallTime & { readonly second?: number }): number | undefined;
}

const hour = 3_600_000;

export function timeZone(name: string): TimeZone | undefined {
  if (name === "UTC") return zoneOf(() => 0);
  try {
    return zoneOf(offsetReader(name));
  } catch {
    return undefined; // Intl throws RangeError for a name that is no zone.
  }
}

/** The zone's offset from UTC at an instant, in milliseconds. */
function offsetReader(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour: h = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, h, minute, second) - Math.floor(instant / 1000) * 1000;
  };
}

function zoneOf(offsetAt: (instant: number) => number): TimeZone {
  return {
    wallTime(instant) {
      const date = new Date(instant + offsetAt(instant));
      return {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
      };
    },
    instantOf({ year, month, day, hour: h, minute, second = 0 }) {
      const asUtc = Date.UTC(year, month - 1, day, h, minute, second);
      // Offsets lie between -12 and +14 hours, so these two instants stand on either side of any change nearby.
      const offsets = [offsetAt(asUtc - 15 * hour), offsetAt(asUtc + 13 * hour)];
      const instants = offsets.map((offset) => asUtc - offset).filter((at) => at + offsetAt(at) === asUtc);
      return instants.length === 0 ? undefined : Math.min(...instants);
    },
  };
}
