/** AwsCalls of the tests: remembers every call and answers as told. */
import type { AwsCalls, Caller } from "../../local/cloud/ports/service.ts";

export interface RecordedCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly caller: Caller;
}

export interface FakeCalls extends AwsCalls {
  readonly made: RecordedCall[];
  /** Answers from now on; a thrown error is the service's refusal. */
  answer: (call: RecordedCall) => unknown;
}

export function fakeCalls(answer: FakeCalls["answer"] = () => ({})): FakeCalls {
  const fake: FakeCalls = {
    made: [],
    answer,
    // async, so that a thrown answer is a rejection
    call: async (service, operation, input, caller) => {
      const call = { service, operation, input: input as Record<string, unknown>, caller };
      fake.made.push(call);
      await Promise.resolve();
      return fake.answer(call);
    },
  };
  return fake;
}
