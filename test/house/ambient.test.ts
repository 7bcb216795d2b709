/** Clock, chance, environment and console come in as arguments; the few files that may touch them are listed. */
import { describe, expect, it } from "@jest/globals";
import { sourcesIn } from "../support/sources.ts";

interface Ban {
  readonly what: RegExp;
  readonly instead: string;
  readonly except: RegExp;
}

const bans: readonly Ban[] = [
  {
    what: /\bDate\.now\(|\bnew Date\(\)/,
    instead: "take a Clock",
    except: /^(local\/cloud\/clock\/system-clock\.ts|local\/cli\/|bench\/|lambdas\/[^/]+\/wire\.ts|lambdas\/lib\/)/,
  },
  {
    what: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/,
    instead: "take a RandomSource or Ids",
    except: /^(local\/cloud\/boot\/|lambdas\/[^/]+\/wire\.ts|lambdas\/lib\/)/,
  },
  {
    what: /\bsetTimeout\(|\bsetInterval\(/,
    instead: "wait through a Clock",
    // Functions and processes take the time that they take, whatever clock the cloud goes by.
    except:
      /^(local\/cloud\/clock\/system-clock\.ts|local\/cli\/|bench\/|local\/lambda\/|local\/personalize\/jobs\/job-process\.ts)/,
  },
  {
    what: /\bprocess\.env\b/,
    instead: "take settings as arguments",
    except: /^(local\/cli\/|local\/lambda\/worker\.ts|lambdas\/[^/]+\/wire\.ts|lambdas\/lib\/|infra\/app\.ts|bench\/)/,
  },
];

describe("ambient effects", () => {
  const files = sourcesIn(["pipeline", "lambdas", "infra", "local", "bench"], [".ts"]);

  it.each(bans)("$what appears nowhere but where it is at home: $instead", ({ what, instead, except }) => {
    const faults = files
      .filter(({ path }) => !except.test(path))
      .flatMap(({ path, text }) =>
        text
          .split("\n")
          .flatMap((line, index) =>
            what.test(line.replace(/\/\/.*|^\s*\*.*/, "")) ? [`${path}:${index + 1}: ${instead}`] : [],
          ),
      );
    expect(faults).toEqual([]);
  });

  it("every source file begins by saying what it promises", () => {
    const faults = files.filter(({ text }) => !/^(#!.*\n)?\s*\/(\*|\/)/.test(text)).map(({ path }) => path);
    expect(faults).toEqual([]);
  });

  it("no folder or file is named for nothing in particular", () => {
    const faults = files.filter(({ path }) =>
      /(^|\/)(utils?|common|helpers?|managers?|misc|base)(\/|\.ts$)/.test(path),
    );
    expect(faults.map(({ path }) => path)).toEqual([]);
  });
});
