/** CreateEventBus: a bus of one's own beside the default one. */
import type { CreateEventBusRequest, CreateEventBusResponse } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { busArn, tagsOf, type EventsState } from "../state.ts";

export const createEventBus =
  (state: EventsState) =>
  async (input: CreateEventBusRequest): Promise<CreateEventBusResponse> => {
    const name = input.Name ?? "";
    if (state.buses.has(name))
      throw new AwsError("ResourceAlreadyExistsException", `Event bus ${name} already exists.`);
    const { clock, store } = state.deps;
    const arn = busArn(state.deps, name);
    const description = input.Description;
    state.buses.put(name, {
      name,
      arn,
      createdAt: clock.now(),
      ...(description ? { description } : {}),
      tags: tagsOf(input.Tags),
    });
    await store.commit();
    return { EventBusArn: arn, Description: description };
  };
