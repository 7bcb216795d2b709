/** `arn:aws:states:::sns:publish`: a Message that is not text is sent as its JSON. */
import { isObject, textOf, type Json } from "../json.ts";
import type { Integration } from "./integration.ts";
import { serviceFailure, succeeded } from "./task-error.ts";

export const snsPublish: Integration = async ({ parameters, attempt, caller }, { calls }) => {
  const { Message, ...rest } = isObject(parameters) ? parameters : {};
  const message = Message === undefined ? {} : { Message: typeof Message === "string" ? Message : textOf(Message) };
  try {
    const { MessageId, SequenceNumber } = (await calls.call("sns", "Publish", { ...rest, ...message }, caller)) as {
      MessageId: string;
      SequenceNumber?: string;
    };
    return succeeded({ MessageId, ...(SequenceNumber !== undefined && { SequenceNumber }) } satisfies Json);
  } catch (thrown) {
    return serviceFailure(thrown, { prefix: "SNS", service: "AmazonSNS" }, attempt);
  }
};
