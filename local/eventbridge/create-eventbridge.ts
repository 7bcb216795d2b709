/** Amazon EventBridge: wires rules, patterns and deliveries into a service. */
import type { CallCounter } from "../cloud/ports/metrics.ts";
import type { Authorizer, AwsCalls, AwsService, EventSink, Provisioner, ServiceDeps } from "../cloud/ports/service.ts";
import { eventsAccess } from "./access.ts";
import { createDeliveryQueue, type DeliveryQueue } from "./delivery/delivery-queue.ts";
import { createIngest, type Ingest } from "./ingest.ts";
import { createEventBus } from "./operations/create-event-bus.ts";
import { deleteEventBus } from "./operations/delete-event-bus.ts";
import { deleteRule } from "./operations/delete-rule.ts";
import { describeEventBus } from "./operations/describe-event-bus.ts";
import { describeRule } from "./operations/describe-rule.ts";
import { listEventBuses } from "./operations/list-event-buses.ts";
import { listRuleNamesByTarget } from "./operations/list-rule-names-by-target.ts";
import { listRules } from "./operations/list-rules.ts";
import { listTargetsByRule } from "./operations/list-targets-by-rule.ts";
import { putEvents } from "./operations/put-events.ts";
import { putRule } from "./operations/put-rule.ts";
import { putTargets } from "./operations/put-targets.ts";
import { removeTargets } from "./operations/remove-targets.ts";
import { switchRule } from "./operations/switch-rule.ts";
import { listTagsForResource, tagResource, untagResource } from "./operations/tag-resource.ts";
import { testEventPattern } from "./operations/test-event-pattern.ts";
import { eventBusProvisioner, ruleProvisioner } from "./provision-rule.ts";
import { createRuleSchedules, type NextScheduled } from "./rule-schedules.ts";
import { busArn, defaultBus, ValidationException, type Bus, type EventsState, type Rule } from "./state.ts";

export interface EventBridgeDeps extends ServiceDeps {
  /** Usable from `resume` on. */
  readonly calls: AwsCalls;
  readonly authorizer: Authorizer;
  /** Scheduler's reading of a rule's schedule; without it, rules with a schedule are refused. */
  readonly nextScheduled?: NextScheduled;
  /** Where deliveries that were given up are counted. */
  readonly metrics?: CallCounter;
}

export interface EventBridge {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
  readonly sink: EventSink;
}

const noSchedules: NextScheduled = (expression) => {
  throw new ValidationException(
    `Parameter ScheduleExpression is not valid here: ${expression}. Use EventBridge Scheduler.`,
  );
};

export function createEventBridge(deps: EventBridgeDeps): EventBridge {
  const nextScheduled = deps.nextScheduled ?? noSchedules;
  const queue = createDeliveryQueue(deps);
  const rules = deps.store.table<Rule>("events/rules");
  const schedules = createRuleSchedules({ deps, rules }, queue, nextScheduled);
  const state: EventsState = {
    deps,
    rules,
    buses: deps.store.table<Bus>("events/buses"),
    onRuleChange: schedules.follow,
  };
  if (!state.buses.has(defaultBus)) {
    state.buses.put(defaultBus, {
      name: defaultBus,
      arn: busArn(deps, defaultBus),
      createdAt: deps.clock.now(),
      tags: {},
    });
  }
  const ingest = createIngest(state, queue);
  const service: AwsService = {
    id: "events",
    operations: operationsOf({ state, ingest, queue, nextScheduled }),
    access: (operation, input) => eventsAccess(deps, operation, input as object),
    resume: () => {
      queue.resume();
      schedules.resume();
      return Promise.resolve();
    },
    close: () => {
      queue.close();
      schedules.close();
      return Promise.resolve();
    },
  };
  return {
    service,
    provisioners: [eventBusProvisioner(state), ruleProvisioner(state, nextScheduled)],
    sink: ingest.sink,
  };
}

interface Parts {
  readonly state: EventsState;
  readonly ingest: Ingest;
  readonly queue: DeliveryQueue;
  readonly nextScheduled: NextScheduled;
}

function operationsOf({ state, ingest, queue, nextScheduled }: Parts): AwsService["operations"] {
  return {
    PutEvents: putEvents(state, ingest, queue),
    PutRule: putRule(state, nextScheduled),
    DescribeRule: describeRule(state),
    ListRules: listRules(state),
    ListRuleNamesByTarget: listRuleNamesByTarget(state),
    DeleteRule: deleteRule(state),
    EnableRule: switchRule(state, true),
    DisableRule: switchRule(state, false),
    PutTargets: putTargets(state),
    ListTargetsByRule: listTargetsByRule(state),
    RemoveTargets: removeTargets(state),
    TestEventPattern: testEventPattern,
    CreateEventBus: createEventBus(state),
    DescribeEventBus: describeEventBus(state),
    ListEventBuses: listEventBuses(state),
    DeleteEventBus: deleteEventBus(state),
    TagResource: tagResource(state),
    UntagResource: untagResource(state),
    ListTagsForResource: listTagsForResource(state),
  };
}
