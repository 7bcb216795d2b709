/** Real clients for the handler. */
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { sha256 } from "../lib/digest.ts";
import { readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(z.object({ STATE_MACHINE_ARN: z.string() }));
const client = new SFNClient({});

export const handler = logged(
  "start-a-run",
  makeHandler({
    digest: sha256,
    async start(name, input) {
      try {
        const request = { stateMachineArn: env.STATE_MACHINE_ARN, input, ...(name === null ? {} : { name }) };
        const { executionArn = "", startDate } = await client.send(new StartExecutionCommand(request));
        return { executionArn, startedAt: (startDate ?? new Date(0)).toISOString() };
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return null;
        throw error;
      }
    },
  }),
);
