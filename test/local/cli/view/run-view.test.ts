import { describe, expect, it } from "@jest/globals";
import { clockText, createRunView, describeTraining } from "../../../../local/cli/view/run-view.ts";
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

  it.each([
    { seconds: 7.4, text: "0:07" },
    { seconds: 750, text: "12:30" },
    { seconds: 3723, text: "1:02:03" },
  ])("writes $seconds seconds as $text", ({ seconds, text }) => {
    expect(clockText(seconds)).toBe(text);
  });

  it("prints a state once, however often a poll comes back to it", () => {
    const { view, printed } = viewOn(false);
    const entered = { kind: "state-entered" as const, executionArn: "arn:e", state: "Look at the training", at: 0 };

    view.progress(entered);
    view.progress(entered);

    expect(printed).toEqual([" 0:00  Look at the training"]);
  });

  it("on a pipe prints a training every few seconds and at its end", () => {
    const { view, printed, at } = viewOn(false);

    for (const milliseconds of [0, 1000, 2000, 3000, 4000]) {
      at(milliseconds);
      view.progress({ ...training, fraction: milliseconds / 10_000 });
    }
    at(5000);
    view.progress({ ...training, fraction: 1 });
    view.progress({ ...training, fraction: 1 });

    expect(printed.map((line) => line.slice(0, 29))).toEqual([
      " 0:00  training aws-hrnn, 0%,",
      " 0:03  training aws-hrnn, 30%",
      " 0:05  training aws-hrnn, 100",
    ]);
  });

  it("on a terminal redraws the present below what stays", () => {
    const { view, printed } = viewOn(true);

    view.progress({ ...training, fraction: 0.5 });
    view.say("a fact");

    expect(printed).toEqual([
      "       training aws-hrnn, 50%, epoch 3 of 10, loss 6.123, about 1:15 left\n",
      "\u001b[1A\u001b[0J",
      "a fact",
      "       training aws-hrnn, 50%, epoch 3 of 10, loss 6.123, about 1:15 left\n",
    ]);
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
