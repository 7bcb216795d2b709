/** Remarks on what was read through the API: resources in the place of paths in a file that nobody wrote. Pure. */
import type { Remark } from "../config/source.ts";

/** `$.solutions[0].serviceConfig.performHPO` becomes `solution films, performHPO`; the longest labelled path wins. */
export function labelled(remarks: readonly Remark[], labels: ReadonlyMap<string, string>): Remark[] {
  const paths = [...labels.keys()].sort((a, b) => b.length - a.length);
  return remarks.map((remark) => {
    const start = paths.find((path) => /^$|^[.[]/.test(remark.path.slice(path.length)) && remark.path.startsWith(path));
    if (start === undefined) return remark;
    const rest = remark.path
      .slice(start.length)
      .replace(/\.(serviceConfig|dataset|schema)(?=\.|$)/g, "")
      .replace(/^\./, "");
    return { ...remark, path: [labels.get(start), rest].filter(Boolean).join(", ") };
  });
}
