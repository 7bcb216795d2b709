/**
 * A training's state between two epochs as blobs, so that a training that was killed goes on to the very same model: parameters, moments,
 * and where epochs, steps and chance stand.
 */
import { bytesOf, bytesOfJson, json } from "../blobs.ts";
import type { Random } from "../network/random.ts";
import type { Checkpoints } from "../recipe.ts";
import type { Memory, Plan } from "./plan.ts";

/** Shared regions that outlive a batch; a plan may have only some of them. */
const lasting = [
  ...["table", "tableMean", "tableSquare", "dense", "denseMean", "denseSquare"],
  ...["side", "sideMean", "sideSquare"],
];

export interface Position {
  readonly epoch: number; // finished
  readonly step: number; // taken
  /** The training was ended by its watcher before its last epoch. */
  readonly ended: boolean;
}

const lastingOf = (plan: Plan) => lasting.filter((name) => plan.regions[name] !== undefined);

export function saveState(
  to: Checkpoints,
  plan: Plan,
  memory: Memory,
  at: Position & { readonly random: Random },
): void {
  const { epoch, step, ended, random } = at;
  to.save({
    position: bytesOfJson({ epoch, step, ended, chance: random.state() }),
    ...Object.fromEntries(lastingOf(plan).map((name) => [name, bytesOf(memory.f32(name))])),
  });
}

/** Puts the last saved state in place; undefined, with nothing changed, where there is none or one of another shape. */
export function loadState(from: Checkpoints, plan: Plan, memory: Memory, random: Random): Position | undefined {
  const blobs = from.load();
  if (!blobs) return undefined;
  const names = lastingOf(plan);
  const fits = names.every((name) => blobs[name]?.byteLength === memory.f32(name).byteLength);
  if (!fits || !blobs["position"]) return undefined;
  for (const name of names) {
    const region = memory.f32(name);
    new Uint8Array(region.buffer, region.byteOffset, region.byteLength).set(blobs[name]!);
  }
  const { epoch, step, ended, chance } = json<Position & { chance: number }>(blobs, "position");
  random.restore(chance);
  return { epoch, step, ended };
}
