/** An expression that the service refuses, with what is wrong in it. */
import { AwsError } from "../../cloud/ports/aws-error.ts";

export class InvalidExpression extends AwsError {
  constructor(expression: string, reason: string) {
    super("ValidationException", `Invalid Schedule Expression ${expression}: ${reason}`);
  }
}
