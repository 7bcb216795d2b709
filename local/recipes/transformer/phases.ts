/**
 * One training made of several, one after another: each sees an environment of its own, whose progress is its part of the whole and whose
 * checkpoints lie beside the others'. A finished phase loads its last checkpoint and ends at once when the training is resumed.
 */
import type { Checkpoints, TrainingEnvironment } from "../recipe.ts";

export interface Phase {
  readonly name: string;
  readonly epochs: number;
  /** Of the work of the whole training. */
  readonly share: number;
}

/** Environments for the phases, in their order. `afterEpoch` is the phases' own matter. */
export function phasesOf(environment: TrainingEnvironment, phases: readonly Phase[]): TrainingEnvironment[] {
  const epochs = phases.reduce((sum, phase) => sum + phase.epochs, 0);
  const checkpoints = environment.checkpoints && besideOneAnother(environment.checkpoints);
  let before = { epochs: 0, share: 0 };
  return phases.map((phase) => {
    const begun = before;
    before = { epochs: begun.epochs + phase.epochs, share: begun.share + phase.share };
    return {
      ...{ seed: environment.seed, threads: environment.threads, signal: environment.signal },
      ...(checkpoints && { checkpoints: checkpoints(phase.name) }),
      progress: (now) => {
        const fraction = Math.min(1, begun.share + phase.share * now.fraction);
        environment.progress({ ...now, fraction, epoch: begun.epochs + now.epoch, epochs });
      },
    };
  });
}

function besideOneAnother(checkpoints: Checkpoints): (phase: string) => Checkpoints {
  let all = checkpoints.load() ?? {};
  return (phase) => {
    const isOurs = (name: string) => name.startsWith(`${phase}-`);
    return {
      load: () => {
        const ours = Object.entries(all).filter(([name]) => isOurs(name));
        if (ours.length === 0) return undefined;
        return Object.fromEntries(ours.map(([name, blob]) => [name.slice(phase.length + 1), blob]));
      },
      save: (blobs) => {
        const others = Object.entries(all).filter(([name]) => !isOurs(name));
        const ours = Object.entries(blobs).map(([name, blob]) => [`${phase}-${name}`, blob] as const);
        all = Object.fromEntries([...others, ...ours]);
        checkpoints.save(all);
      },
    };
  };
}
