/** One visit to the shop: how it starts, what is looked at next, what is bought. */
import type { ProductKind } from "./assortment.ts";
import { chooseOfKind, type Demand } from "./demand.ts";
import type { Random } from "./random.ts";
import type { EventType } from "./shop.ts";
import type { Shopper } from "./shoppers.ts";

export interface SessionEvent {
  readonly item: number;
  readonly eventType: EventType;
  /** Since the session began. */
  readonly seconds: number;
}

/** Chances of a visit; the rest of each group is browsing by taste. */
const chances = {
  resumesProject: 0.55,
  followsCrowd: 0.12,
  goesOn: 0.68,
  compares: 0.3,
  looksForNext: 0.5,
  carts: 0.2,
  buys: 0.5,
};
/** How likely the first, second and third follower of a kind is. */
const nextShares = [0.65, 0.25, 0.1];

/** Mean events a session, for the calibration of how many sessions there are; measured in the tests. */
export const eventsPerSession = 4.14;

interface Scene {
  readonly random: Random;
  readonly demand: Demand;
  readonly kinds: readonly ProductKind[];
  readonly shopper: Shopper;
}

/** Something new: a department by taste and season, a kind by its demand in it. */
function browse({ random, demand, kinds, shopper }: Scene): number {
  const department = random.weighted(shopper.taste.map((liking, d) => liking * (demand.season[d] as number)));
  const weights = kinds.map((kind, k) => (kind.department === department ? (demand.kindWeight[k] as number) : 0));
  return chooseOfKind(random, demand, shopper, random.weighted(weights));
}

/** What everybody looks at, whatever the shopper's own taste. */
function followCrowd({ random, demand }: Scene): number {
  return random.weighted(demand.crowdWeight);
}

/** What one needs after this item: a follower of its kind, mostly of its brand. */
function whatNext({ random, demand, kinds, shopper }: Scene, item: number): number {
  const { next } = kinds[demand.items[item]?.kind ?? -1] as ProductKind;
  const kind = next[random.weighted(nextShares.slice(0, next.length))] ?? -1;
  return chooseOfKind(random, demand, shopper, kind, item);
}

function start(scene: Scene): number {
  const { random, shopper } = scene;
  if (shopper.project !== undefined && random.next() < chances.resumesProject) return whatNext(scene, shopper.project);
  return random.next() < chances.followsCrowd ? followCrowd(scene) : browse(scene);
}

function step(scene: Scene, item: number): number {
  const { random, demand, shopper } = scene;
  const draw = random.next();
  if (draw < chances.looksForNext) return whatNext(scene, item);
  if (draw < chances.looksForNext + chances.compares) {
    return chooseOfKind(random, demand, shopper, demand.items[item]?.kind ?? -1);
  }
  return browse(scene);
}

/** The events of one session, in order. Changes the shopper's project. */
export function visit(scene: Scene): SessionEvent[] {
  const { random, shopper } = scene;
  const events: SessionEvent[] = [];
  let seconds = 0;
  const happens = (item: number, eventType: EventType) => {
    events.push({ item, eventType, seconds });
    seconds += 15 + Math.floor(-90 * Math.log(1 - random.next()));
  };
  for (let item = start(scene); item >= 0; item = random.next() < chances.goesOn ? step(scene, item) : -1) {
    happens(item, "view");
    if (random.next() >= chances.carts) continue;
    happens(item, "cart");
    shopper.project = item;
    if (random.next() < chances.buys) happens(item, "purchase");
  }
  return events;
}
