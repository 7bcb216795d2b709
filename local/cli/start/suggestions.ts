/** What to try once a model is live. Pure. */
import { clientEnvironment } from "../client-environment.ts";

export interface Place {
  readonly url: string;
  /** The folder that was uploaded. */
  readonly directory: string;
  /** Is it the sample shop, which can make further weeks and bad uploads? */
  readonly sample: boolean;
  /** A user to ask for. */
  readonly user: string;
}

const defaultUrl = "http://127.0.0.1:4566";

export function suggestions({ url, directory, sample, user }: Place): string[] {
  const rows = [
    ...(url === defaultUrl
      ? []
      : [["tells the commands below where this cloud listens", `export AWS_ENDPOINT_URL=${url}`]]),
    ...(sample
      ? withShop(directory)
      : [["the same files again, or new ones beside them", `npx outrank drop ${directory}`]]),
    ["what ran, and why it ended so", "npx outrank runs; npx outrank explain last"],
    ["what a user is shown", `npx outrank recommend --user ${user || "ID"}`],
    ["any SDK, or the aws cli", `${clientEnvironment(url)}; aws personalize list-campaigns`],
  ];
  return [
    "",
    "It stays up until Ctrl-C. Try in another terminal:",
    "",
    ...rows.flatMap(([what, how]) => [`  ${what}`, `    ${how}`]),
    "",
  ];
}

const withShop = (directory: string) => [
  [
    "two more weeks of the shop: retrains, compares with the live version",
    `npx outrank shop next --weeks 2 --after ${directory} && npx outrank drop next`,
  ],
  [
    "nothing can be learnt from these: the live version stays",
    "npx outrank shop shuffled --corrupt shuffled-users && npx outrank drop shuffled",
  ],
  ["refused before any training", "npx outrank shop short --corrupt missing-column && npx outrank drop short"],
  ["the good files again", `npx outrank drop ${directory}`],
];
