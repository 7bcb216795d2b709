/** The event tracker with its tracking id. */
import type { DescribeEventTrackerRequest, DescribeEventTrackerResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeEventTracker =
  (plane: ControlPlane) =>
  ({ eventTrackerArn }: Checked<DescribeEventTrackerRequest>): DescribeEventTrackerResponse => ({
    eventTracker: describe(plane, "eventTracker", eventTrackerArn),
  });
