/** The work of a batch inference job: each line of its input answered by the solution version, without a campaign. */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { answerLine, faultLine, parseLine, type Answer } from "../batch/lines.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import type { Rows } from "../model.ts";
import { answerTogether, questionOf, type Question } from "../serving/best-items.ts";
import { explorationOf } from "../serving/exploration.ts";
import type { Serving } from "../serving/open.ts";
import { rankItems } from "../serving/rank-items.ts";
import { batchWork, forgettingProgress } from "./batch-work.ts";
import { creation } from "./plain.ts";
import { dropUnservedModels } from "./served-models.ts";
import { themedLines } from "./themed-answers.ts";
import type { Lifecycle } from "./transitions.ts";

const defaultCount = 25;

export const batchInferenceJob = (plane: ControlPlane): Lifecycle => ({
  ...forgettingProgress(plane, creation(plane, "batchInferenceJob")),
  work: (jobArn) => {
    const { quotas } = plane.settings;
    const job = find(plane, "batchInferenceJob", jobArn);
    return batchWork(plane, {
      ...{ jobArn, job, session: "PersonalizeBatchInference" },
      recordsPerFile: quotas[itemNameOf(job) === undefined ? "batchRecordsPerFile" : "themesPerFile"],
      answering: (version) => {
        const exploration = explorationOf(version.recipe, job.batchInferenceJobConfig?.itemExplorationConfig);
        const itemName = itemNameOf(job);
        const written = itemName === undefined ? plainLine : themedLines(plane, version, itemName);
        return (lines) => answersTo(plane, { ...version, exploration }, { ...job, written }, lines);
      },
    });
  },
  afterwards: () => dropUnservedModels(plane),
});

/** How a list of items becomes a line of output. */
type Written = (input: unknown, asked: string, items: readonly Answer[]) => string;
const plainLine: Written = (input, _asked, items) => answerLine(input, items);

type Job = Rows["batchInferenceJob"] & { readonly written: Written };

/** The column of item names of a job that makes themes. */
const itemNameOf = ({ batchInferenceJobMode: mode, themeGenerationConfig }: Rows["batchInferenceJob"]) =>
  mode === "THEME_GENERATION" ? themeGenerationConfig?.fieldsForThemeGeneration?.itemName : undefined;

/** A line that is answered already, or one that waits for the model. */
type Prepared =
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "question"; input: unknown; asked: string; question: Question };

/** Lines whose questions the model may answer together do not wait for each other's faults. */
function answersTo(plane: ControlPlane, version: Serving, job: Job, lines: readonly string[]): string[] {
  const prepared = lines.map((line) => prepare(plane, version, job, line));
  const questions = prepared.flatMap((each) => (each.kind === "question" ? [each.question] : []));
  const answers = answerTogether(version, questions);
  let next = 0;
  return prepared.map((each) =>
    each.kind === "line" ? each.line : job.written(each.input, each.asked, answers[next++] ?? []),
  );
}

function prepare(plane: ControlPlane, version: Serving, job: Job, text: string): Prepared {
  const line = parseLine(text, version.recipe.type);
  if (line.kind === "fault") return { kind: "line", line: faultLine(line.input, line.fault) };
  const { input, query } = line;
  try {
    const { filterValues, userId = "", itemList } = query;
    const filter = { filterArn: job.filterArn, ...(job.filterArn === undefined ? {} : { filterValues }) };
    if (itemList) {
      return {
        kind: "line",
        line: answerLine(input, rankItems(plane, version, { ...filter, userId, inputList: itemList })),
      };
    }
    const question = questionOf(plane, version, query, filter, job.numResults ?? defaultCount);
    return { kind: "question", input, asked: query.itemId ?? "", question };
  } catch (error) {
    if (error instanceof AwsError) return { kind: "line", line: faultLine(input, error.message) };
    throw error;
  }
}
