/** What is wrong with a dataset group although each of its members is right by itself. */
import type { FollowUp } from "./follow-up.ts";

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The part of a dataset group that can contradict itself. */
export interface GroupParts {
  readonly domain?: string | undefined;
  readonly datasets: Readonly<Record<string, unknown>>;
  readonly eventTracker: boolean;
  readonly solutions: readonly {
    readonly name: string;
    readonly recipe: string;
    readonly trainingMode: string;
    readonly performHPO: boolean;
    readonly config: { readonly hpoConfig?: unknown };
  }[];
  readonly followUp: FollowUp;
}

/** Personalize updates only these; for the others a version is always trained whole. */
const updatableRecipes = ["aws-user-personalization", "aws-hrnn-coldstart"];

function solutionFaults({ solutions }: GroupParts): Fault[] {
  return solutions.flatMap(({ recipe, trainingMode, performHPO, config }, at) => [
    ...(trainingMode === "UPDATE" && !updatableRecipes.includes(recipe)
      ? [{ path: ["solutions", at, "trainingMode"], message: `UPDATE is only for ${updatableRecipes.join(" and ")}` }]
      : []),
    ...(config.hpoConfig !== undefined && !performHPO
      ? [{ path: ["solutions", at, "config", "hpoConfig"], message: "does nothing without performHPO: true" }]
      : []),
  ]);
}

function jobFaults({ solutions, followUp }: GroupParts): Fault[] {
  const known = { solution: solutions.map(({ name }) => name), filter: followUp.filters.map(({ name }) => name) };
  const unknown = (path: Fault["path"], kind: keyof typeof known, name: string | undefined): Fault[] =>
    name === undefined || known[kind].includes(name)
      ? []
      : [{ path, message: `no ${kind} "${name}" in this group; there is ${known[kind].join(", ") || "none"}` }];
  return [
    ...followUp.batchInference.flatMap(({ solution, filter }, at) => [
      ...unknown(["followUp", "batchInference", at, "solution"], "solution", solution),
      ...unknown(["followUp", "batchInference", at, "filter"], "filter", filter),
    ]),
    ...followUp.batchSegments.flatMap(({ filter }, at) =>
      unknown(["followUp", "batchSegments", at, "filter"], "filter", filter),
    ),
  ];
}

function repeatedNames({ followUp }: GroupParts): Fault[] {
  const jobs = [...followUp.batchInference, ...followUp.batchSegments];
  const lists = { filters: followUp.filters, recommenders: followUp.recommenders, batchInference: jobs };
  return Object.entries(lists).flatMap(([list, entries]) =>
    entries.flatMap(({ name }, at) =>
      entries.findIndex((other) => other.name === name) < at
        ? [{ path: ["followUp", list, at, "name"], message: `"${name}" is there twice` }]
        : [],
    ),
  );
}

const actionFaults = ({ domain, datasets }: GroupParts): Fault[] =>
  ["actions", "action-interactions"].flatMap((type) =>
    domain === undefined || datasets[type] === undefined
      ? []
      : [{ path: ["datasets", type], message: "the service has no actions in a domain group" }],
  );

/** The service's domains begin their recipes with another word. */
const recipesOf: Readonly<Record<string, string>> = { ECOMMERCE: "aws-ecomm-", VIDEO_ON_DEMAND: "aws-vod-" };

function recommenderFaults({ domain, followUp }: GroupParts): Fault[] {
  return followUp.recommenders.flatMap(({ recipe }, at) => {
    const path = ["followUp", "recommenders", at];
    if (domain === undefined) return [{ path, message: 'recommenders need "domain" in the group' }];
    const prefix = recipesOf[domain] ?? "";
    return recipe.startsWith(prefix) ? [] : [{ path: [...path, "recipe"], message: `not of the domain ${domain}` }];
  });
}

export const groupFaults = (group: GroupParts): Fault[] => [
  ...solutionFaults(group),
  ...jobFaults(group),
  ...repeatedNames(group),
  ...recommenderFaults(group),
  ...actionFaults(group),
];
