/** ListEventBuses, by name. */
import type { ListEventBusesRequest, ListEventBusesResponse } from "@aws-sdk/client-eventbridge";
import { page } from "../../cloud/ports/page.ts";
import type { EventsState } from "../state.ts";
import { busShape } from "./describe-event-bus.ts";

export const listEventBuses =
  (state: EventsState) =>
  (input: ListEventBusesRequest): ListEventBusesResponse => {
    const buses = [...state.buses.values()]
      .filter((bus) => bus.name.startsWith(input.NamePrefix ?? ""))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = page(buses, input.NextToken, input.Limit);
    return { EventBuses: items.map(busShape), NextToken: next };
  };
