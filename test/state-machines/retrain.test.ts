import { describe, expect, it } from "@jest/globals";
import validate from "asl-validator";
import jsonata from "jsonata";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { allStates, expressionsIn, reachable, retrain, scopes } from "./definition.ts";

const tasks = allStates.filter(({ state }) => state.Type === "Task");
const where = ({ path, name }: { path: readonly string[]; name: string }) => [...path, name].join(" > ");
const assignedBy = (state: (typeof allStates)[number]["state"]) =>
  [state, ...(state.Catch ?? []), ...(state.Choices ?? [])].flatMap((part) => Object.keys(part.Assign ?? {}));

describe("retrain.asl.json", () => {
  it("is valid Amazon States Language", () => {
    const { isValid, errors } = validate(retrain);

    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
  });

  it("holds only JSONata that parses", () => {
    const broken = expressionsIn(retrain).filter((text) => {
      try {
        jsonata(text);
        return false;
      } catch {
        return true;
      }
    });

    expect(broken).toEqual([]);
  });

  it("gives every Task a Retry with jitter and a timeout", () => {
    const faults = tasks.filter(
      ({ state }) =>
        !state.Retry?.length || !state.TimeoutSeconds || state.Retry.some((r) => r.JitterStrategy !== "FULL"),
    );

    expect(faults.map(where)).toEqual([]);
  });

  it("retries only errors that Step Functions or our Lambdas can report, and never everything", () => {
    const known = /^(Lambda|Personalize|Sns|CloudWatch|Glue|EventBridge)\.[A-Z]\w+Exception$|^[A-Z]\w+$/;
    const names = tasks.flatMap(({ state }) => (state.Retry ?? []).flatMap((retrier) => retrier.ErrorEquals));

    expect(names.filter((name) => !known.test(name))).toEqual([]);
    expect(names).not.toContain("States.ALL");
  });

  it("reaches every state, the Fail states among them", () => {
    const orphans = scopes(retrain).flatMap(({ machine, path }) => {
      const seen = reachable(machine, machine.StartAt);
      return Object.keys(machine.States)
        .filter((name) => name !== machine.StartAt && !seen.has(name))
        .map((name) => [...path, name].join(" > "));
    });

    expect(orphans).toEqual([]);
  });

  it("bounds every waiting loop by a deadline apart from the poll (R8)", () => {
    const unbounded = allStates
      .filter(({ state }) => state.Type === "Wait")
      .filter(({ name, machine }) => {
        const loop = [...reachable(machine, name)].filter((other) => reachable(machine, other).has(name));
        const looks = loop.flatMap((other) => expressionsIn(machine.States[other]));
        return !looks.some((text) => /EnteredTime\) >= (\$\w+By$|.*\$run\.patience)/.test(text));
      });

    expect(unbounded.map(where)).toEqual([]);
  });

  it("uses each variable name in one scope only, as Step Functions demands", () => {
    const faults = scopes(retrain).flatMap(({ machine, path }) => {
      const own = new Set(Object.values(machine.States).flatMap(assignedBy));
      const outer = scopes(retrain).filter(
        (scope) => scope.path.length < path.length && scope.path.every((p, i) => p === path[i]),
      );
      const taken = outer.flatMap((scope) => Object.values(scope.machine.States).flatMap(assignedBy));
      return taken.filter((name) => own.has(name)).map((name) => `${name} in ${path.join(" > ")}`);
    });

    expect(faults).toEqual([]);
  });

  it("changes a campaign only after the judge's decision (R1)", () => {
    const changing = tasks.filter(({ state }) => /:(create|update)Campaign$/.test(state.Resource ?? ""));

    expect(changing.map(({ name }) => name).sort()).toEqual([
      "Create the campaign",
      "Return to the former version",
      "Update the campaign",
    ]);
    for (const { machine, name } of changing) {
      const ways = Object.entries(machine.States).filter(([, state]) =>
        JSON.stringify(state).includes(`"Next":"${name}"`),
      );
      const allowed = [
        "What follows from the decision?",
        "Was it approved?",
        "Is it fit to serve?",
        "Is the campaign free for us?",
      ];
      const viaDefault = Object.entries(machine.States).filter(([, state]) => state.Default === name);
      expect([...ways, ...viaDefault].map(([from]) => from).filter((from) => !allowed.includes(from))).toEqual([]);
    }
  });

  it("goes on to the end of its tail whatever fails on the way (R6)", () => {
    const tail = [
      "Write the record",
      "Publish the metrics",
      "Publish the events",
      "Send the notice",
      "Release the lease",
    ];

    const catchers = tail.map((name) =>
      retrain.States[name]?.Catch?.map((c) => [c.ErrorEquals, tail.includes(c.Next)]),
    );

    expect(catchers).toEqual([...Array.from({ length: 4 }, () => [[["States.ALL"], true]]), [[["States.ALL"], false]]]);
    expect(retrain.States["Release the lease"]?.Next).toBe("Did all go well?");
    expect(retrain.States["Did all go well?"]?.Default).toBe("The run failed");
  });

  it("names states as sentences, choices as questions, and says of each why it is there", () => {
    const faults = allStates.filter(
      ({ name, state }) =>
        !/^[A-Z][a-z' ]+\??$/.test(name) || (state.Type === "Choice") !== name.endsWith("?") || !state.Comment,
    );

    expect(faults.map(where)).toEqual([]);
  });

  /** Parts shared by Lambdas, and Lambdas that something else calls: the cleanup machine, the HTTP API, the topic. */
  const others = [
    ...["lib", "begin-the-cleanup", "clean-up", "post-the-notice", "start-a-run", "show-a-run", "recommend"],
    ...["send-events", "answer-an-approval"],
  ];

  it("calls each Lambda of lambdas/ from the state that the Lambda is named after", () => {
    const called = tasks.flatMap(({ name, state }) =>
      state.Resource === "arn:aws:states:::lambda:invoke" ? [[name, state.Arguments?.["FunctionName"]]] : [],
    );
    const folders = readdirSync(join(__dirname, "..", "..", "lambdas")).filter((name) => !others.includes(name));

    expect(called.map(([name]) => String(name).toLowerCase().replaceAll(" ", "-")).sort()).toEqual(folders.sort());
    for (const [name, placeholder] of called) {
      const pascal = String(name).replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase());
      expect(placeholder).toBe(`\${${pascal}}`);
    }
  });
});
