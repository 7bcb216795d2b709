import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
afterEach(() => stack.close());

describe("the first drop of data", () => {
  it("becomes a live campaign because the candidate beats the popular-items baseline", async () => {
    stack = await startStack({ config: communitiesConfig() });

    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv(), "club/items/items.csv": itemsCsv() });
    await stack.rest();

    const [record, ...others] = await stack.records("club");
    expect(others).toEqual([]);
    expect(record?.failure).toBeNull();
    expect(record?.outcome).toBe("PROMOTE");
  });
});
