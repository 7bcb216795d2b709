/** Real clients for the handler. */
import { InvalidToken, SendTaskSuccessCommand, SFNClient, TaskDoesNotExist, TaskTimedOut } from "@aws-sdk/client-sfn";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const client = new SFNClient({});

export const handler = logged(
  "answer-an-approval",
  makeHandler({
    async succeed(taskToken, output) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken, output }));
        return true;
      } catch (error) {
        const isOver = [TaskTimedOut, TaskDoesNotExist, InvalidToken].some((known) => error instanceof known);
        if (isOver) return false;
        throw error;
      }
    },
  }),
);
