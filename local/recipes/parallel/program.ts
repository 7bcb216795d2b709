/** What a member of a crew can be told to do. A program is one network's training; parallel/programs.ts is the table of them. */
import type { Kernels } from "../../kernels/kernels.ts";
import { bindSide } from "../features/side.ts";
import type { Memory } from "./plan.ts";
import type { TrainingSizes } from "./training-memory.ts";
import { bindUpdate } from "./update.ts";

/** `refresh` and `settle` are for networks with features: before the step, and after the update. */
export const command = { stop: 0, step: 1, update: 2, refresh: 3, settle: 4 } as const;
export type Command = (typeof command)[keyof typeof command];
export type Order = Exclude<Command, typeof command.stop>;

/** What a batch asks of a crew, in this order. */
export const ordersOf = ({ side }: Pick<TrainingSizes, "side">): readonly Order[] =>
  side ? [command.refresh, command.step, command.update, command.settle] : [command.step, command.update];

/**
 * Binds member p's share once. The returned function does its share of a command; a step's loss is left in the member's `loss`.
 *
 * @param sizes the program's own, as its training gave them to the crew: structured-cloneable
 */
export type Program = (kernels: Kernels, memory: Memory, sizes: unknown, p: number) => (what: Command) => void;

/**
 * A program that knows how to take a step; the update is the same for all.
 *
 * @param trainingSizes what parallel/training-memory.ts needs of the program's sizes
 */
export function program<Sizes>(
  bindStep: (kernels: Kernels, memory: Memory, sizes: Sizes, p: number) => () => number,
  trainingSizes: (sizes: Sizes) => TrainingSizes,
): Program {
  return (kernels, memory, given, p) => {
    const sizes = given as Sizes; // of the same program's training
    const step = bindStep(kernels, memory, sizes, p);
    const update = bindUpdate(kernels, memory, trainingSizes(sizes), p);
    const side = bindSide(kernels, memory, trainingSizes(sizes), p);
    const loss = memory.f32("loss", p);
    return (what) => {
      if (what === command.step) loss[0] = step();
      else if (what === command.update) update();
      else if (what === command.refresh) side?.refresh();
      else if (what === command.settle) side?.settle();
    };
  };
}
