/**
 * The end of a turn of the event loop, in two stages: what must be durable is written, then whoever was waiting for that or for anything else
 * is answered. Many requests of one turn share one write and are answered together.
 */
export interface Turn {
  /** Runs before any of the turn's answers. What it settles is heard of before they go out. */
  beforeAnswers(work: () => void): void;
  answers(work: () => void): void;
}

export function createTurn(): Turn {
  const due: { before: (() => void)[]; answers: (() => void)[] } = { before: [], answers: [] };
  let isScheduled = false;
  const run = (stage: keyof typeof due) => {
    const works = due[stage];
    due[stage] = [];
    for (const work of works) work();
  };
  /** Two immediates of one turn: between them the event loop runs what the promises of the first one's work wake. */
  const schedule = () => {
    isScheduled = true;
    setImmediate(() => run("before"));
    setImmediate(() => {
      isScheduled = false;
      run("answers");
      if (!isScheduled && due.before.length > 0) schedule();
    });
  };
  const add = (stage: keyof typeof due, work: () => void) => {
    due[stage].push(work);
    if (!isScheduled) schedule();
  };
  return {
    beforeAnswers: (work) => add("before", work),
    answers: (work) => add("answers", work),
  };
}
