/** A pattern that EventBridge refuses; the reason is its own wording where we know it. */
import { AwsError } from "../../cloud/ports/aws-error.ts";

export class InvalidEventPatternException extends AwsError {
  constructor(reason: string, options?: ErrorOptions) {
    super("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`, options);
  }
}
