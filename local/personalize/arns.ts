/** ARNs of Personalize: how they are made and taken apart. Pure. */
import { InvalidInputException } from "./errors.ts";
import { kinds, type Kind } from "./model.ts";

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** `arn:aws:personalize:<region>:<account>:<segment>/<tail>` */
export const arnOf = ({ account, region }: Place, kind: Kind, tail: string) =>
  `arn:aws:personalize:${region}:${account}:${kinds[kind].segment}/${tail}`;

/** What follows `<segment>/`: the name, or for datasets and solution versions name and part. */
export const tailOf = (arn: string) => arn.slice(arn.indexOf("/") + 1);

/** The service's own things have neither region nor account. */
export const recipeArn = (name: string) => `arn:aws:personalize:::recipe/${name}`;
export const algorithmArn = (name: string) => `arn:aws:personalize:::algorithm/${name}`;
export const featureTransformationArn = (name: string) => `arn:aws:personalize:::feature-transformation/${name}`;

/** Refuses an ARN of another kind before anybody looks for it. */
export function assertArnOf(kind: Kind, arn: string): void {
  const segment = arn.split(":")[5]?.split("/")[0];
  if (segment === kinds[kind].segment) return;
  throw new InvalidInputException(
    `${arn} is not the Arn of a ${kinds[kind].noun}: expected arn:aws:personalize:<region>:<account>:${kinds[kind].segment}/...`,
  );
}

/** The solution of `<solutionArn>/<id>` or `<solutionArn>/$LATEST`. */
export const solutionOf = (versionArn: string) => versionArn.slice(0, versionArn.lastIndexOf("/"));

export const isLatestPointer = (versionArn: string) => versionArn.endsWith("/$LATEST");
