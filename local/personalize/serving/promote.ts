/** Mixes promoted items into a list: their share of it, at random places, each list keeping its own order. Pure but for `random`. */
import type { RandomSource } from "../../cloud/ports/clock.ts";

export function mixIn<T>(
  organic: readonly T[],
  promoted: readonly T[],
  { count, percent, random }: { count: number; percent: number; random: RandomSource },
): T[] {
  const most = Math.min(promoted.length, Math.round((count * percent) / 100));
  const length = Math.min(count, organic.length + most);
  const places = placesAmong(length, most, random);
  let nextOrganic = 0;
  let nextPromoted = 0;
  return Array.from({ length }, (_, place) =>
    places.has(place) ? (promoted[nextPromoted++] as T) : (organic[nextOrganic++] as T),
  );
}

/** `count` different places below `length`, each choice equally likely. */
function placesAmong(length: number, count: number, random: RandomSource): ReadonlySet<number> {
  const places = Array.from({ length }, (_, place) => place);
  for (let n = 0; n < count; n++) {
    const other = n + Math.floor(random() * (length - n));
    [places[n], places[other]] = [places[other] as number, places[n] as number];
  }
  return new Set(places.slice(0, count));
}
