/**
 * How a crew's shared memory is cut into named arrays. A plan is plain numbers, so that the coordinator can make it and every thread can
 * bind to it. Each region begins on a cache line of its own, so that threads do not disturb one another.
 */

export type Kind = "f32" | "u32";
export interface Region {
  readonly kind: Kind;
  readonly offset: number;
  readonly length: number;
}
/** Regions by name; those of thread p as `p.name`. */
export type Plan = { readonly bytes: number; readonly regions: Readonly<Record<string, Region>> };

/** Kind and length of each region by name. */
export type Regions = Readonly<Record<string, readonly [Kind, number]>>;

/** Lays the regions one after another: what all threads share, then each thread's own. */
export function planRegions(shared: Regions, ofThread: Regions, threads: number): Plan {
  const regions: Record<string, Region> = {};
  let offset = 1024;
  const place = (name: string, [kind, length]: readonly [Kind, number]) => {
    regions[name] = { kind, offset, length };
    offset += 64 * Math.ceil((4 * length + 64) / 64);
  };
  Object.entries({ control: ["u32", 64] as const, ...shared }).forEach(([name, region]) => place(name, region));
  for (let p = 0; p < threads; p++) {
    Object.entries(ofThread).forEach(([name, region]) => place(`${p}.${name}`, region));
  }
  return { bytes: offset + 1024, regions };
}

/** Typed arrays over the plan's regions: `f32("table")`, or `f32("logits", p)` for thread p's. */
export interface Memory {
  f32(name: string, thread?: number): Float32Array;
  u32(name: string, thread?: number): Uint32Array;
}

export function bindMemory(plan: Plan, buffer: ArrayBufferLike): Memory {
  const region = (kind: Kind, name: string, thread?: number) => {
    const found = plan.regions[thread === undefined ? name : `${thread}.${name}`];
    if (found?.kind !== kind) throw new Error(`The plan has no ${kind} region ${name} of thread ${thread}`);
    return found;
  };
  return {
    f32: (name, thread) => {
      const { offset, length } = region("f32", name, thread);
      return new Float32Array(buffer, offset, length);
    },
    u32: (name, thread) => {
      const { offset, length } = region("u32", name, thread);
      return new Uint32Array(buffer, offset, length);
    },
  };
}
