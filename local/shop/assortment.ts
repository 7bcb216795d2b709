/**
 * What the shop sells: departments, the kinds of product in each, and which kind people look for next. The `next` lists
 * are the habits that a sequence model can learn: after a tent a sleeping bag, after that a mat.
 */

export interface Department {
  readonly name: string;
  /** Month of most demand (0 = January) and by how much it exceeds the mean, as a fraction. */
  readonly peakMonth: number;
  readonly swing: number;
}

export interface ProductKind {
  /** The category's name, e.g. `Tents`. */
  readonly name: string;
  /** In a title, e.g. `Tent`. */
  readonly noun: string;
  readonly department: number;
  readonly price: number;
  /** Indices of kinds, most likely first. */
  readonly next: readonly number[];
}

/** Name; peak month, swing; then `kind/noun/price > next, next, …` by noun. */
const source: readonly (readonly [string, number, number, string])[] = [
  [
    "Camping",
    5,
    0.6,
    `Tents/Tent/280 > Sleeping Bag, Sleeping Mat, Tarp; Sleeping Bags/Sleeping Bag/150 > Sleeping Mat, Camp Pillow;
     Sleeping Mats/Sleeping Mat/85 > Camp Pillow, Camp Stove; Camp Pillows/Camp Pillow/28 > Headlamp, Camp Stove;
     Camp Stoves/Camp Stove/75 > Cook Set, Water Filter; Cook Sets/Cook Set/48 > Camp Mug, Cool Box;
     Camp Mugs/Camp Mug/16 > Cool Box, Camp Chair; Cool Boxes/Cool Box/95 > Camp Chair, Tarp;
     Camp Chairs/Camp Chair/60 > Tarp, Headlamp; Tarps/Tarp/70 > Headlamp, Tent`,
  ],
  [
    "Hiking",
    8,
    0.35,
    `Hiking Boots/Hiking Boot/165 > Hiking Socks, Trekking Pole; Hiking Socks/Hiking Socks/19 > Gaiter, Hiking Boot;
     Trekking Poles/Trekking Pole/80 > Daypack, Gaiter; Daypacks/Daypack/90 > Water Bottle, Rain Jacket;
     Water Bottles/Water Bottle/24 > Water Filter, Daypack; Water Filters/Water Filter/45 > Map Case, Headlamp;
     Rain Jackets/Rain Jacket/180 > Gaiter, Hiking Trousers; Gaiters/Gaiter/35 > Rain Jacket, Hiking Boot;
     Hiking Trousers/Hiking Trousers/95 > Hiking Socks, Rain Jacket; Map Cases/Map Case/22 > Headlamp, Water Bottle;
     Headlamps/Headlamp/50 > Map Case, Water Filter`,
  ],
  [
    "Climbing",
    7,
    0.15,
    `Climbing Shoes/Climbing Shoe/120 > Chalk Bag, Harness; Chalk Bags/Chalk Bag/25 > Harness, Crash Pad;
     Harnesses/Harness/75 > Belay Device, Rope; Belay Devices/Belay Device/65 > Rope, Carabiner Set;
     Ropes/Rope/170 > Rope Bag, Quickdraw Set; Rope Bags/Rope Bag/40 > Quickdraw Set, Helmet;
     Quickdraws/Quickdraw Set/95 > Helmet, Carabiner Set; Carabiners/Carabiner Set/45 > Belay Device, Quickdraw Set;
     Helmets/Helmet/70 > Climbing Shoe, Quickdraw Set; Crash Pads/Crash Pad/190 > Climbing Shoe, Chalk Bag`,
  ],
  [
    "Cycling",
    4,
    0.45,
    `Touring Bikes/Touring Bike/1150 > Bike Lock, Pannier; Bike Locks/Bike Lock/65 > Bike Light, Cycling Helmet;
     Bike Lights/Bike Light/45 > Cycling Helmet, Mudguard; Cycling Helmets/Cycling Helmet/85 > Cycling Glove, Cycling Jersey;
     Cycling Gloves/Cycling Glove/30 > Cycling Jersey, Bib Shorts; Cycling Jerseys/Cycling Jersey/70 > Bib Shorts, Cycling Glove;
     Bib Shorts/Bib Shorts/90 > Chain Kit, Cycling Jersey; Panniers/Pannier/110 > Mudguard, Bike Light;
     Mudguards/Mudguard/40 > Chain Kit, Bike Light; Chain Kits/Chain Kit/35 > Bike Pump, Bike Lock;
     Bike Pumps/Bike Pump/38 > Pannier, Chain Kit`,
  ],
  [
    "Running",
    3,
    0.3,
    `Road Running Shoes/Road Running Shoe/130 > Running Socks, Running Shorts; Trail Running Shoes/Trail Running Shoe/140 > Running Vest, Running Socks;
     Running Socks/Running Socks/15 > Running Shorts, Running Cap; Running Shorts/Running Shorts/40 > Running Top, Running Belt;
     Running Tops/Running Top/45 > Running Jacket, Running Cap; Running Jackets/Running Jacket/110 > Running Tights, Running Cap;
     Running Tights/Running Tights/70 > Road Running Shoe, Running Top; Running Caps/Running Cap/25 > Running Belt, Sports Watch;
     Running Belts/Running Belt/28 > Sports Watch, Soft Flask; Running Vests/Running Vest/105 > Soft Flask, Trail Running Shoe;
     Soft Flasks/Soft Flask/22 > Running Belt, Running Vest; Sports Watches/Sports Watch/260 > Road Running Shoe, Running Top`,
  ],
  [
    "Water",
    6,
    0.75,
    `Kayaks/Kayak/640 > Paddle, Buoyancy Aid; Paddle Boards/Paddle Board/430 > Paddle, Dry Bag; Paddles/Paddle/95 > Buoyancy Aid, Dry Bag;
     Buoyancy Aids/Buoyancy Aid/80 > Dry Bag, Water Shoe; Dry Bags/Dry Bag/35 > Water Shoe, Towel;
     Wetsuits/Wetsuit/170 > Water Shoe, Swim Goggles; Water Shoes/Water Shoe/45 > Swim Goggles, Towel;
     Swim Goggles/Swim Goggles/24 > Towel, Wetsuit; Towels/Towel/26 > Dry Bag, Swim Goggles`,
  ],
  [
    "Winter",
    0,
    0.85,
    `Skis/Ski Set/520 > Ski Boot, Ski Bag; Ski Boots/Ski Boot/330 > Ski Goggles, Ski Socks; Ski Goggles/Ski Goggles/110 > Ski Helmet, Ski Glove;
     Ski Helmets/Ski Helmet/120 > Ski Glove, Ski Jacket; Ski Gloves/Ski Glove/65 > Ski Jacket, Base Layer;
     Ski Jackets/Ski Jacket/290 > Ski Trousers, Base Layer; Ski Trousers/Ski Trousers/190 > Base Layer, Ski Socks;
     Base Layers/Base Layer/60 > Ski Socks, Beanie; Ski Socks/Ski Socks/22 > Beanie, Ski Glove; Beanies/Beanie/27 > Snowshoe, Base Layer;
     Snowshoes/Snowshoe/180 > Beanie, Ski Glove; Ski Bags/Ski Bag/75 > Ski Socks, Ski Boot`,
  ],
  [
    "Travel",
    7,
    0.4,
    `Suitcases/Suitcase/190 > Packing Cube Set, Luggage Tag; Travel Backpacks/Travel Backpack/160 > Packing Cube Set, Travel Pillow;
     Packing Cubes/Packing Cube Set/32 > Toiletry Bag, Luggage Tag; Toiletry Bags/Toiletry Bag/30 > Travel Towel, Travel Pillow;
     Luggage Tags/Luggage Tag/12 > Travel Adapter, Suitcase; Travel Pillows/Travel Pillow/35 > Travel Adapter, Eye Mask;
     Eye Masks/Eye Mask/14 > Travel Pillow, Travel Adapter; Travel Adapters/Travel Adapter/29 > Money Belt, Packing Cube Set;
     Money Belts/Money Belt/20 > Travel Towel, Travel Backpack; Travel Towels/Travel Towel/24 > Toiletry Bag, Money Belt`,
  ],
];

interface Assortment {
  readonly departments: readonly Department[];
  readonly kinds: readonly ProductKind[];
}

/** Reads the table above. Throws where a `next` names no noun of it. */
export function readAssortment(): Assortment {
  const rows = source.flatMap(([, , , text], department) =>
    text.split(";").map((entry) => {
      const [head = "", next = ""] = entry.split(">").map((part) => part.trim());
      const [name = "", noun = "", price = ""] = head.split("/");
      return { name, noun, department, price: Number(price), next: next.split(",").map((word) => word.trim()) };
    }),
  );
  const indexOf = (noun: string): number => {
    const index = rows.findIndex((row) => row.noun === noun);
    if (index < 0) throw new Error(`The assortment names ${noun} as a next product and does not sell it`);
    return index;
  };
  return {
    departments: source.map(([name, peakMonth, swing]) => ({ name, peakMonth, swing })),
    kinds: rows.map((row) => ({ ...row, next: row.next.map(indexOf) })),
  };
}

export const brands = [
  "Alderline",
  "Borealis",
  "Cairnway",
  "Driftwood",
  "Ember & Ash",
  "Fernhill",
  "Granite Peak",
  "Hollowell",
  "Ironbark",
  "Juniper",
] as const;

export const lines = [
  "Trail",
  "Summit",
  "Nomad",
  "Classic",
  "Pro",
  "Light",
  "Storm",
  "Horizon",
  "Ridge",
  "Valley",
] as const;
