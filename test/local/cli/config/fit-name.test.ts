import { describe, expect, it } from "@jest/globals";
import { fitName } from "../../../../local/cli/config/fit-name.ts";

describe("a name that fits", () => {
  it.each([
    { wished: "for-you", used: [], fits: "for-you", why: "it is one already" },
    { wished: "For You_2", used: [], fits: "for-you-2", why: "capitals, spaces and underscores have to go" },
    { wished: "42-films", used: [], fits: "films", why: "a name begins with a letter" },
    { wished: "abcdefghij-klm", used: [], fits: "abcdefghij", why: "no hyphen stays at the end of what was cut" },
    { wished: "films", used: ["films", "films-2"], fits: "films-3", why: "each name is there once" },
    { wished: "abcdefghijkl", used: ["abcdefghijk"], fits: "abcdefghi-2", why: "the number fits in, too" },
    { wished: "映画", used: [], fits: "main", why: "nothing is left of it" },
  ])("$wished -> $fits: $why", ({ wished, used, fits }) => {
    expect(fitName(wished, 11, new Set(used))).toBe(fits);
  });
});
