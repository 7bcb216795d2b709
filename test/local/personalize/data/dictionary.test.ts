import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createDictionary } from "../../../../local/personalize/data/dictionary.ts";

describe("a dictionary", () => {
  it("gives codes in order of first appearance, and the same code again", () => {
    const dictionary = createDictionary();

    expect(["b", "a", "b", "c", "a"].map((text) => dictionary.addText(text))).toEqual([0, 1, 0, 2, 1]);
    expect([0, 1, 2].map((code) => dictionary.text(code))).toEqual(["b", "a", "c"]);
    expect(dictionary.find("d")).toBeUndefined();
  });

  it.each([
    { why: "a leading zero makes another id", texts: ["user1", "user01", "user001"] },
    { why: "so does a sign or a space", texts: ["1", "+1", "-1", " 1", "1 "] },
    { why: "numbers beyond the table by number", texts: ["u1", "u16777215", "u16777216", "u99999999", "u999999999"] },
    { why: "another prefix with the same number", texts: ["user1", "item1", "1", "user"] },
    { why: "the empty text", texts: ["", "0", "00"] },
  ])("keeps texts apart that look alike: $why", ({ texts }) => {
    const dictionary = createDictionary();

    expect(texts.map((text) => dictionary.addText(text))).toEqual(texts.map((_, code) => code));
    expect(texts.map((text) => dictionary.addText(text))).toEqual(texts.map((_, code) => code));
    expect(texts.map((text) => dictionary.find(text))).toEqual(texts.map((_, code) => code));
  });

  it("agrees with a Map on any texts, also after it was frozen and read back", () => {
    const id = fc.oneof(fc.string(), fc.nat().map(String), fc.nat({ max: 99 }).map((n) => `user${n}`)); // prettier-ignore
    fc.assert(
      fc.property(fc.array(id, { maxLength: 300 }), (texts) => {
        const distinct = [...new Set(texts.map((text) => Buffer.from(text).toString("utf8")))];
        const dictionary = createDictionary();
        for (const text of texts) dictionary.addText(text);
        const again = createDictionary({ from: dictionary.freeze() });

        expect(Array.from({ length: dictionary.size }, (_, code) => dictionary.text(code))).toEqual(distinct);
        expect(distinct.map((text) => again.find(text))).toEqual(distinct.map((_, code) => code));
      }),
    );
  });

  it("grows to many texts", () => {
    const dictionary = createDictionary();
    for (let n = 0; n < 50_000; n++) dictionary.addText(`${(n * 7919) % 50_000}-x`);

    expect(dictionary.size).toBe(50_000);
    expect(dictionary.find("49999-x")).toBe(dictionary.addText("49999-x"));
  });

  it("does not take in a text that the check refuses", () => {
    const dictionary = createDictionary({
      check: () => {
        throw new Error("no");
      },
    });

    expect(() => dictionary.addText("a")).toThrow("no");
    expect(dictionary.size).toBe(0);
  });
});
