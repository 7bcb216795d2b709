import { expect, it } from "@jest/globals";
import { createTurn } from "../../../local/cloud/ports/turn.ts";

const soon = () => new Promise((resolve) => setImmediate(resolve));

it("a turn writes before it answers, whoever came first, and answers those who waited for the write as well", async () => {
  const turn = createTurn();
  const seen: string[] = [];
  turn.answers(() => seen.push("answer"));
  void new Promise<void>((resolve) => turn.beforeAnswers(resolve))
    .then(() => seen.push("written"))
    .then(() => {})
    .then(() => turn.answers(() => seen.push("answer to the writer")));
  await soon();
  expect(seen).toEqual(["written", "answer", "answer to the writer"]);

  turn.beforeAnswers(() => turn.beforeAnswers(() => seen.push("next turn")));
  await soon();
  expect(seen).toHaveLength(3);
  await soon();
  expect(seen[3]).toBe("next turn");
});
