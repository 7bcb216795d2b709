/**
 * FilterLogEvents' patterns of unstructured text: all plain terms must occur, of `?optional` ones at least one, of `-excluded`
 * ones none; "quoted phrases" are one term. Case matters. Patterns of JSON and of columns are refused.
 */
import { AwsError } from "../cloud/ports/aws-error.ts";

export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text.startsWith("{") || text.startsWith("[") || text.startsWith("%")) {
    throw new AwsError(
      "InvalidParameterException",
      `The filter pattern ${text} is not supported by this cloud: use terms, "phrases", ?optional and -excluded terms`,
    );
  }
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, phrase, word]) => ({
    sign,
    term: phrase === undefined ? (word ?? "") : phrase.replace(/\\(.)/g, "$1"),
  }));
  const of = (wanted: string) => terms.filter(({ sign }) => sign === wanted).map(({ term }) => term);
  const [required, optional, excluded] = [of(""), of("?"), of("-")];
  return (message) =>
    required.every((term) => message.includes(term)) &&
    (optional.length === 0 || required.length > 0 || optional.some((term) => message.includes(term))) &&
    !excluded.some((term) => message.includes(term));
}
