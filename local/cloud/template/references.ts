/** Which names a template value mentions, found without resolving it: the implied order of resources. */
const subName = /\$\{([^!}][^}]*)\}/g;

/** Names in Ref, Fn::GetAtt and Fn::Sub, also in branches that a condition will leave out. */
export function referencesIn(value: unknown): Set<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((item) => collect(item, found));
  if (typeof value !== "object" || value === null) return;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const [key, argument] = only as [string, unknown];
    if (key === "Ref" && typeof argument === "string") found.add(argument);
    if (key === "Fn::GetAtt") found.add(String(Array.isArray(argument) ? argument[0] : argument).split(".")[0] ?? "");
    if (key === "Fn::Sub") collectSub(argument, found);
  }
  for (const [, member] of entries) collect(member, found);
}

function collectSub(argument: unknown, found: Set<string>): void {
  const [template, map] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  if (typeof template !== "string") return;
  for (const [, name = ""] of template.matchAll(subName)) {
    if (!Object.hasOwn(map as object, name)) found.add(name.split(".")[0] ?? "");
  }
}
