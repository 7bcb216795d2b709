/** Payload templates: a member whose name ends in ".$" is a path or an intrinsic; all else stays as written. */
import { isObject, type Json } from "../../json.ts";
import type { Scope } from "../language.ts";
import { evaluateIntrinsic, isIntrinsic, parseIntrinsic } from "./intrinsics.ts";
import { lookUpField } from "./roots.ts";

export function fillTemplate(template: Json, scope: Scope): Json {
  if (Array.isArray(template)) return (template as readonly Json[]).map((item) => fillTemplate(item, scope));
  if (!isObject(template)) return template;
  const filled: Record<string, Json> = {};
  for (const [name, member] of Object.entries(template)) {
    if (name.endsWith(".$") && typeof member === "string") filled[name.slice(0, -2)] = valueOf(member, name, scope);
    else filled[name] = fillTemplate(member, scope);
  }
  return filled;
}

/** @param field as the definition spells it; it stands in the message when nothing is found. */
export function valueOf(text: string, field: string, scope: Scope): Json {
  return isIntrinsic(text) ? evaluateIntrinsic(parseIntrinsic(text), scope) : lookUpField(text, field, scope);
}
