/** Real clients for the handler. No retries by the SDK: a repeated create would train twice; the state retries instead. */
import {
  CreateSolutionVersionCommand,
  DescribeSolutionVersionCommand,
  paginateListSolutionVersions,
  PersonalizeClient,
} from "@aws-sdk/client-personalize";
import { logged } from "../lib/log.ts";
import { makeHandler, type VersionSummary } from "./handler.ts";

const client = new PersonalizeClient({});
const once = new PersonalizeClient({ maxAttempts: 1 });

export const handler = logged(
  "start-the-training",
  makeHandler({
    async list(solutionArn) {
      const found: VersionSummary[] = [];
      for await (const page of paginateListSolutionVersions({ client, pageSize: 100 }, { solutionArn })) {
        for (const version of page.solutionVersions ?? []) {
          const { solutionVersionArn: arn = "", status = "", trainingMode = "", trainingType = "" } = version;
          found.push({ arn, status, trainingMode, trainingType, createdAt: version.creationDateTime?.getTime() ?? 0 });
        }
      }
      return found;
    },
    async nameOf(solutionVersionArn) {
      const { solutionVersion } = await client.send(new DescribeSolutionVersionCommand({ solutionVersionArn }));
      return solutionVersion?.name ?? null;
    },
    async create(solutionArn, { name, trainingMode, tags }) {
      const request = { solutionArn, name, trainingMode, ...(tags.length === 0 ? {} : { tags }) };
      const { solutionVersionArn } = await once.send(new CreateSolutionVersionCommand(request));
      if (solutionVersionArn === undefined) throw new Error(`CreateSolutionVersion of ${solutionArn} gave no ARN`);
      return solutionVersionArn;
    },
  }),
);
