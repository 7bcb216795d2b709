/** The link in a notice: it asks a person, and the answer goes on with the run. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, notices } from "../support/fault-port.ts";
import { outrankFor } from "../support/outrank-for.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
afterEach(() => stack.close());

const linkIn = (message: string): string => /http\S+\/approvals\?token=\S+/.exec(message)?.[0] ?? "";

async function startAsking(act: (link: string) => Promise<void>) {
  const port = createFaultPort();
  const solution = { decision: { profile: "demo", approval: { mode: "manual", timeoutHours: 8 } } };
  stack = await startStack({ config: communitiesConfig({ solution }), fault: port.fault });
  let asked = false;
  port.on("Publish", async ({ Message }, next) => {
    const published = await next();
    const link = linkIn(String(Message));
    if (link !== "" && !asked) {
      asked = true;
      stack.clock.at(stack.clock.now() + 60_000, () => {
        const release = stack.clock.hold();
        void act(link).finally(release);
      });
    }
    return published;
  });
  await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
  await stack.rest();
  return { port, record: (await stack.records("club")).at(-1) };
}

const answer = (link: string, fields: Record<string, string>) => {
  const token = new URL(link).searchParams.get("token") ?? "";
  const body = new URLSearchParams({ token, ...fields });
  return fetch(link.split("?")[0] ?? "", { method: "POST", body });
};

describe("the link for an approval", () => {
  it("asks, takes one answer, and lets the model go live", async () => {
    const pages: [number, string][] = [];
    const { record } = await startAsking(async (link) => {
      const asked = await fetch(link);
      pages.push([asked.status, await asked.text()]);
      const first = await answer(link, { actor: "Ada <b>", answer: "approved" });
      pages.push([first.status, await first.text()]);
      const second = await answer(link, { actor: "Bob", answer: "rejected" });
      pages.push([second.status, await second.text()]);
    });

    expect(record).toMatchObject({
      outcome: "PROMOTE",
      contests: [{ approval: { answer: "approved", actor: "Ada <b>" } }],
    });
    expect(pages.map(([status]) => status)).toEqual([200, 200, 410]);
    expect(pages[0]?.[1]).toContain("Let this model go live?");
    expect(pages[0]?.[1]).toContain("<dd>main</dd>");
    expect(pages[1]?.[1]).toContain("Noted, Ada &#60;b&#62;.");
  });

  it("takes a no for a no", async () => {
    const { record } = await startAsking(
      async (link) => void (await answer(link, { actor: "Bob", answer: "rejected" })),
    );

    expect(record).toMatchObject({ outcome: "KEEP", reasonCodes: expect.arrayContaining(["NOT_APPROVED"]) });
  });

  it("is in the notice, and answers nothing without its token", async () => {
    const { port, record } = await startAsking(async (link) => {
      const bare = await fetch(link.split("?")[0] ?? "");
      expect([bare.status, await bare.text()]).toEqual([400, expect.stringContaining("not a whole link")]);
    });

    expect(notices(port).some(({ Message }) => linkIn(Message) !== "")).toBe(true);
    expect(record?.reasonCodes).toContain("APPROVAL_TIMEOUT");
  });

  it("is not needed: a command finds the open question", async () => {
    const said: string[] = [];
    const { record } = await startAsking(async () => {
      said.push((await outrankFor(stack, "approve", "--actor", "Ada")).said);
      said.push((await outrankFor(stack, "approve")).said);
    });

    expect(said).toEqual([
      "Approved: the campaign is being given the new version.",
      "No run of club asks for approval now. npx outrank runs lists what there is.",
    ]);
    expect(record).toMatchObject({ outcome: "PROMOTE", contests: [{ approval: { actor: "Ada" } }] });
  });
});
