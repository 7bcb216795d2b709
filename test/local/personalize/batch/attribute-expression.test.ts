/** Expressions over item attributes: what they mean, and where they are wrong. */
import { describe, expect, it } from "@jest/globals";
import { parseAttributes } from "../../../../local/personalize/batch/attribute-expression.ts";

const columns = ["GENRES", "YEAR"];

describe("parseAttributes", () => {
  it("reads the guide's example, the column in the schema's spelling", () => {
    expect(parseAttributes('ITEMS.genres = "Comedy" AND ITEMS.genres = "Action"', columns)).toEqual({
      kind: "valid",
      attributes: [
        [
          { column: "GENRES", value: "Comedy" },
          { column: "GENRES", value: "Action" },
        ],
      ],
    });
  });

  it("lets AND bind tighter than OR, and takes numbers and single quotes", () => {
    const text = 'Items.YEAR=1994 AND items.genres = \'Sci-Fi\' or ITEMS.GENRES = "It\\"s"';

    expect(parseAttributes(text, columns)).toEqual({
      kind: "valid",
      attributes: [
        [
          { column: "YEAR", value: "1994" },
          { column: "GENRES", value: "Sci-Fi" },
        ],
        [{ column: "GENRES", value: 'It"s' }],
      ],
    });
  });

  it.each([
    { text: "", says: "Expected a column such as ITEMS.GENRES at character 1, found the end." },
    { text: 'USERS.genres = "a"', says: 'such as ITEMS.GENRES at character 1, found "USERS.genres".' },
    { text: 'ITEMS.colour = "a"', says: "a column of the Items dataset (GENRES, YEAR) at character 1" },
    { text: '(ITEMS.genres = "a")', says: 'at character 1, found "(".' },
    {
      text: 'ITEMS.genres IN ("a")',
      says: 'Expected =, the only comparison of segments, at character 14, found "IN".',
    },
    { text: "ITEMS.genres = Comedy", says: 'a quoted text or a number at character 16, found "Comedy".' },
    { text: 'ITEMS.genres = "a" ITEMS.year = 1', says: 'AND, OR or the end at character 20, found "ITEMS.year".' },
    { text: 'ITEMS.genres = "a" AND', says: "at character 23, found the end." },
    { text: 'ITEMS.genres = "a', says: 'at character 16, found "\\"".' },
  ])("says where $text is wrong", ({ text, says }) => {
    expect(parseAttributes(text, columns)).toEqual({ kind: "invalid", fault: expect.stringContaining(says) });
  });
});
