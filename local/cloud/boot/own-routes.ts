/**
 * What the embedded cloud answers beside AWS, under /_outrank/: the deployed stacks' outputs, what any trained version would
 * recommend, deployed or not (AWS has no such call; `npm start` shows the baseline with it), and what was metered.
 */
import type { JobRunner, ServingModel } from "../../personalize/job-runner.ts";
import type { MeterReport } from "../../personalize/metering/entries.ts";
import { send } from "../endpoint/answer.ts";
import type { InternalRoute } from "../endpoint/endpoint.ts";
import type { DeployedStack } from "../template/deploy-assembly.ts";

export type Preview = (solutionVersionArn: string, userId: string, numResults: number) => Promise<string[]>;

export interface OwnRoutesDeps {
  readonly region: string;
  readonly account: string;
  readonly stacks: () => readonly DeployedStack[];
  readonly preview: Preview;
  readonly meter: () => MeterReport;
}

export function ownRoutes({ region, account, stacks, preview, meter }: OwnRoutesDeps): InternalRoute[] {
  return [
    {
      method: "GET",
      path: "/_outrank/deployment",
      handle(_request, response) {
        const shown = stacks().map(({ name, outputs }) => ({ name, outputs }));
        send(response, json(200, { region, account, stacks: shown }));
      },
    },
    {
      method: "GET",
      path: "/_outrank/meter",
      handle(_request, response) {
        send(response, json(200, meter()));
      },
    },
    {
      method: "GET",
      path: "/_outrank/preview",
      async handle(request, response) {
        const query = new URL(request.url ?? "/", "http://loopback").searchParams;
        const arn = query.get("solutionVersionArn");
        const userId = query.get("userId");
        if (!arn || !userId) return send(response, json(400, { message: "wants solutionVersionArn and userId" }));
        send(response, json(200, { items: await preview(arn, userId, Number(query.get("numResults") ?? 10)) }));
      },
    },
  ];
}

const json = (status: number, body: unknown) => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Item ids that a trained version puts first for a user, best first. Rejects when there is no such model. */
export function previewOf(jobs: JobRunner, now: () => number): Preview {
  return async (solutionVersionArn, userId, numResults) => {
    const opened = await jobs.openModel(solutionVersionArn);
    try {
      return best(opened, userId, numResults, now() / 1000);
    } finally {
      opened.close();
    }
  };
}

function best({ model, history, userIndex }: ServingModel, userId: string, count: number, now: number): string[] {
  const past = history(userId);
  const user = userIndex(userId);
  const scored = model.recommend({
    ...{ count, now },
    ...(past ? { history: past } : {}),
    ...(user === undefined ? {} : { user }),
  });
  return scored.map(({ item }) => model.items[item] ?? "");
}
