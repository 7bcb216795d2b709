/**
 * Reads somebody else's configuration so that nothing of it gets lost unsaid: each value is either taken, or left with a
 * reason; what nobody asked for is listed at the end.
 */
export interface Remark {
  /** Where in the file, e.g. `$.solutions[1].serviceConfig.name`. */
  readonly path: string;
  /** `left`: it has no place in outrank.json. `changed`: it is there in another form. */
  readonly kind: "left" | "changed";
  readonly reason: string;
}

export interface Source {
  readonly path: string;
  /** As it is; looking at it does not count as taking it. */
  readonly value: unknown;
  member(name: string): Source;
  /** Elements of a list; nothing when it is none. */
  elements(): Source[];
  keys(): string[];
  /** The value, which now counts as taken with all that is in it. */
  take(): unknown;
  text(): string | undefined;
  /** Its text, without taking it. */
  peek(): string | undefined;
  number(): number | undefined;
  flag(): boolean;
  /** Has no place: says why, when there is anything to leave. */
  leave(reason: string): void;
  /** Taken, but what became of it is worth a word. */
  changed(reason: string): void;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function createSource(raw: unknown) {
  const taken = new Set<string>();
  const remarks: Remark[] = [];
  const at = (path: string, value: unknown): Source => {
    const take = () => {
      taken.add(path);
      return value;
    };
    const remark = (kind: Remark["kind"], reason: string) => {
      take();
      if (value !== undefined) remarks.push({ path, kind, reason });
    };
    return {
      ...{ path, value, take },
      member: (name) => at(`${path}.${name}`, isObject(value) ? value[name] : undefined),
      elements: () => (Array.isArray(value) ? value.map((entry, index) => at(`${path}[${index}]`, entry)) : []),
      keys: () => (isObject(value) ? Object.keys(value) : []),
      text: () => (typeof value === "string" ? (take() as string) : undefined),
      peek: () => (typeof value === "string" ? value : undefined),
      number: () => (typeof value === "number" ? (take() as number) : undefined),
      flag: () => (typeof value === "boolean" ? (take() as boolean) : false),
      leave: (reason) => remark("left", reason),
      changed: (reason) => remark("changed", reason),
    };
  };
  return {
    root: at("$", raw),
    /** What was said, and a word on each value that nothing looked for; by path in the file's order of discovery. */
    remarks: (): Remark[] => [
      ...remarks,
      ...untaken(raw, "$", taken).map((path) => ({
        ...{ path, kind: "left" as const },
        reason: "not known to this converter, so it was left out",
      })),
    ],
  };
}

/** Leaves that are not taken, by themselves or as part of something; an empty object holds nothing to lose. */
function untaken(value: unknown, path: string, taken: ReadonlySet<string>): string[] {
  if (taken.has(path)) return [];
  if (Array.isArray(value)) return value.flatMap((entry, at) => untaken(entry, `${path}[${at}]`, taken));
  if (isObject(value)) return Object.entries(value).flatMap(([key, one]) => untaken(one, `${path}.${key}`, taken));
  return value === undefined ? [] : [path];
}
