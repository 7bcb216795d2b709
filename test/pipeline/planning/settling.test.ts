import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newestUpload, secondsUntilSettled } from "../../../pipeline/planning/inputs.ts";
import { root } from "../../support/sources.ts";

const file = (lastModified: string) => ({ key: "k", etag: "e", versionId: null, sizeBytes: 1, lastModified });
const noon = "2026-01-05T12:00:00.000Z";
const files = [file("2026-01-05T11:59:00.000Z"), file("2026-01-05T11:50:00.000Z")];

describe("secondsUntilSettled", () => {
  it.each([
    { why: "a minute is left of a quiet period of two", now: noon, waitedFor: null, seconds: 60 },
    { why: "the quiet period is over to the second", now: "2026-01-05T12:01:00.000Z", waitedFor: null, seconds: 0 },
    {
      why: "that upload was waited for, whatever the clocks say",
      now: noon,
      waitedFor: "2026-01-05T11:59:00.000Z",
      seconds: 0,
    },
    {
      why: "a newer upload than the one waited for came",
      now: noon,
      waitedFor: "2026-01-05T11:58:00.000Z",
      seconds: 60,
    },
  ])("$why: $seconds", ({ now, waitedFor, seconds }) => {
    expect(secondsUntilSettled(files, 120, { now, waitedFor })).toBe(seconds);
  });

  it("does not wait for nothing", () => {
    expect([newestUpload([]), secondsUntilSettled([], 120, { now: noon, waitedFor: null })]).toEqual([null, 0]);
  });

  it("is told by the machine which upload was waited for, so that shortened waits settle", () => {
    const machine = JSON.parse(readFileSync(join(root, "state-machines/retrain.asl.json"), "utf8"));
    const retrain = machine.States.Retrain;
    const { States: states } = retrain.Branches[0];

    expect(retrain.Arguments).toEqual({ newest: null });
    expect(states["Let the uploads settle"].Output).toEqual({ newest: "{% $uploads.newest %}" });
    expect(states["Look at the uploads"].Arguments.Payload.newest).toBe("{% $states.input.newest %}");
  });
});
