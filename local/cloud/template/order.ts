/** Topological order that keeps the given order where dependencies leave a choice; a cycle is named. */
import { TemplateError } from "./template-error.ts";

export function sortByDependencies(
  names: readonly string[],
  dependenciesOf: (name: string) => Iterable<string>,
  what: string,
): string[] {
  const sorted: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): void => {
    if (done.has(name)) return;
    const start = path.indexOf(name);
    if (start >= 0) {
      throw new TemplateError(`${what} depend on each other in a circle: ${[...path.slice(start), name].join(" -> ")}`);
    }
    path.push(name);
    for (const dependency of dependenciesOf(name)) visit(dependency);
    path.pop();
    done.add(name);
    sorted.push(name);
  };
  names.forEach(visit);
  return sorted;
}
