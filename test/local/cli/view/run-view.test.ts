import { describe, expect, it } from "@jest/globals";
import { bar, clockText, describeTraining } from "../../../../local/cli/view/progress-text.ts";
import { createRunView } from "../../../../local/cli/view/run-view.ts";
import { clip, table } from "../../../../local/cli/view/table.ts";

const training = {
  kind: "training" as const,
  solutionVersionArn: "arn:v",
  recipe: "aws-hrnn",
  epoch: 3,
  epochs: 10,
  fraction: 0.257,
  loss: 6.12345,
  secondsLeft: 75,
};

const entered = (state: string, executionArn = "arn:e") => ({
  kind: "state-entered" as const,
  executionArn,
  state,
  at: 0,
});
const ended = (executionArn: string) => ({
  kind: "execution-ended" as const,
  executionArn,
  status: "SUCCEEDED",
  at: 0,
});

function viewOn(tty: boolean) {
  const printed: string[] = [];
  let now = 0;
  const view = createRunView({
    io: { out: (line) => void printed.push(line), tty, columns: 80 },
    paint: (text) => void printed.push(text),
    now: () => now,
  });
  return { view, printed, at: (milliseconds: number) => void (now = milliseconds) };
}

describe("the view of a run", () => {
  it("tells a training's progress with loss and time left", () => {
    expect(describeTraining(training)).toBe("training aws-hrnn, 25%, epoch 3 of 10, loss 6.123, about 1:15 left");
    expect(describeTraining({ ...training, epochs: 1, loss: undefined, secondsLeft: undefined, fraction: 1 })).toBe(
      "training aws-hrnn, 100%",
    );
  });

  it("tells what is done beside learning, and how good it is so far", () => {
    const metric = { name: "best nDCG", value: 0.25 };
    expect(describeTraining({ ...training, phase: "trial 3 of 12", metric })).toBe(
      "training aws-hrnn, 25%, trial 3 of 12, epoch 3 of 10, loss 6.123, best nDCG 0.2500, about 1:15 left",
    );
  });

  it.each([
    { seconds: 7.4, text: "0:07" },
    { seconds: 750, text: "12:30" },
    { seconds: 3723, text: "1:02:03" },
  ])("writes $seconds seconds as $text", ({ seconds, text }) => {
    expect(clockText(seconds)).toBe(text);
  });

  it("gives no estimate before anything can be known", () => {
    expect(describeTraining({ ...training, fraction: 0.01 })).toBe("training aws-hrnn, 1%, epoch 3 of 10, loss 6.123");
  });

  it.each([
    { fraction: 0, text: "[....]" },
    { fraction: 0.49, text: "[##..]" },
    { fraction: 1.2, text: "[####]" },
  ])("draws $fraction as $text", ({ fraction, text }) => {
    expect(bar(fraction, 4)).toBe(text);
  });

  it("prints a state once, however often a poll comes back to it", () => {
    const { view, printed } = viewOn(false);

    view.progress(entered("Look at the training"));
    view.progress(entered("Look at the training"));

    expect(printed).toEqual([" 0:00  Look at the training"]);
  });

  it("prints a state once for executions side by side, and again for the next run", () => {
    const { view, printed } = viewOn(false);

    view.progress(entered("Plan the run", "arn:one"));
    view.progress(entered("Plan the run", "arn:two"));
    view.progress(ended("arn:one"));
    view.progress(entered("Plan the run", "arn:three"));
    for (const arn of ["arn:two", "arn:three"]) view.progress(ended(arn));
    view.progress(entered("Plan the run", "arn:next"));

    expect(printed).toEqual([" 0:00  Plan the run", " 0:00  Plan the run"]);
  });

  it("on a pipe prints a training every few seconds, and once that it is done", () => {
    const { view, printed, at } = viewOn(false);

    for (const milliseconds of [0, 1000, 2000, 3000, 4000]) {
      at(milliseconds);
      view.progress({ ...training, fraction: milliseconds / 10_000 });
    }
    at(5000);
    view.progress({ ...training, fraction: 1 });
    view.progress({ ...training, fraction: 1 });

    expect(printed).toEqual([
      " 0:00  training aws-hrnn, 0%, epoch 3 of 10, loss 6.123",
      " 0:03  training aws-hrnn, 30%, epoch 3 of 10, loss 6.123, about 1:15 left",
      " 0:05  trained aws-hrnn in 0:05, 10 epochs, loss 6.123",
    ]);
  });

  it("prints an import when it is done", () => {
    const { view, printed } = viewOn(false);

    view.progress({ kind: "import", jobArn: "arn:x/users-1", rows: 2000, bytes: 10, totalBytes: 10 });

    expect(printed).toEqual([" 0:00  imported users-1: 2,000 rows"]);
  });

  it("on a terminal redraws the present below what stays, in one write", () => {
    const { view, printed } = viewOn(true);
    const live = "       [##########..........] training aws-hrnn, 50%, epoch 3 of 10, loss 6.12…";

    view.progress({ ...training, fraction: 0.5 });
    view.say("a fact");
    view.clear();

    expect(printed).toEqual([
      `${live}\u001b[K\n\u001b[0J`,
      `\u001b[1A\ra fact\u001b[K\n${live}\u001b[K\n\u001b[0J`,
      "\u001b[1A\r\u001b[0J",
    ]);
  });

  it("on a terminal shows where the furthest execution is", () => {
    const { view, printed } = viewOn(true);

    for (const state of ["Plan the run", "Take the lease"]) view.progress(entered(state, "arn:one"));
    view.progress(entered("Plan the run", "arn:two"));

    expect(printed.join("")).toContain("... Take the lease");
    expect(printed.at(-1)).not.toContain("... Plan the run");
  });

  it("does not repaint more often than the eye can follow", () => {
    const { view, printed, at } = viewOn(true);

    for (const milliseconds of [0, 30, 60, 90, 120]) {
      at(milliseconds);
      view.progress({ ...training, fraction: 0.5 });
    }

    expect(printed).toHaveLength(2);
  });
});

describe("table", () => {
  it("makes columns as wide as their widest cell, numbers to the right", () => {
    expect(
      table(
        [
          ["item", "score"],
          ["é", "1"],
          ["tent", "10"],
        ],
        { right: [1] },
      ),
    ).toEqual(["item  score", "----  -----", "é         1", "tent     10"]);
  });

  it("clips long texts with an ellipsis", () => {
    expect([clip("abcdef", 4), clip("abc", 4)]).toEqual(["abc…", "abc"]);
  });
});
