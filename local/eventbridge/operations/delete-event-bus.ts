/** DeleteEventBus: not the default one, and not one that still has rules. */
import type { DeleteEventBusRequest } from "@aws-sdk/client-eventbridge";
import { busNameOf, defaultBus, ValidationException, type EventsState } from "../state.ts";

export const deleteEventBus =
  (state: EventsState) =>
  async (input: DeleteEventBusRequest): Promise<void> => {
    const name = busNameOf(input.Name);
    if (name === defaultBus) throw new ValidationException("Cannot delete event bus default.");
    const rule = [...state.rules.values()].find((one) => one.bus === name);
    if (rule) throw new ValidationException(`Event bus ${name} cannot be deleted: rule ${rule.name} is still on it.`);
    state.buses.delete(name);
    await state.deps.store.commit();
  };
