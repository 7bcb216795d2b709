/** History events without the data they carry, for callers and logs that must not see it. */
const dataMembers: ReadonlySet<string> = new Set([
  "input",
  "inputDetails",
  "output",
  "outputDetails",
  "parameters",
  "assignedVariables",
  "assignedVariablesDetails",
]);

export function withoutData(details: object): object {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !dataMembers.has(name)));
}

/** The member of an event that holds its particulars, e.g. `taskFailedEventDetails`. */
export const isDetails = (member: string): boolean => member.endsWith("EventDetails");
