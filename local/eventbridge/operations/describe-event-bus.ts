/** DescribeEventBus, and the shape in which ListEventBuses gives the same bus. */
import type { DescribeEventBusRequest, DescribeEventBusResponse } from "@aws-sdk/client-eventbridge";
import { busNamed, type Bus, type EventsState } from "../state.ts";

export const busShape = (bus: Bus): DescribeEventBusResponse => ({
  Name: bus.name,
  Arn: bus.arn,
  Description: bus.description,
  CreationTime: new Date(bus.createdAt),
  LastModifiedTime: new Date(bus.createdAt),
});

export const describeEventBus =
  (state: EventsState) =>
  (input: DescribeEventBusRequest): DescribeEventBusResponse =>
    busShape(busNamed(state, input.Name));
