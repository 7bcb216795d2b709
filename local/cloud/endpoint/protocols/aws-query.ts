/** AWS Query: a form with Action, Version and members by dotted paths; answers are XML. */
import { isPlainObject } from "../../models/constraints.ts";
import { membersOf, type Model, operationOf, type Shape, shapeOf, type ShapeUse } from "../../models/model.ts";
import { hasOperation } from "../../models/model.ts";
import { unknownOperation } from "../aws-calls.ts";
import type { Protocol, WireRequest } from "./protocol.ts";
import { escapeXml, formatText, parseText } from "./text-values.ts";

export const awsQuery: Protocol = {
  decode(model, request) {
    const form = formOf(request);
    const operation = form.get("Action") ?? "";
    if (!hasOperation(model, operation)) throw unknownOperation(model, operation);
    const { input } = operationOf(model, operation);
    return { operation, input: input === undefined ? {} : (readNode(model, { shape: input }, treeOf(form)) ?? {}) };
  },
  encode(model, operation, output, requestId) {
    const { output: shape, resultWrapper } = operationOf(model, operation);
    const value = isPlainObject(output) ? output : {};
    const members = shape === undefined ? "" : writeMembers(model, shapeOf(model, shape), value);
    const result = shape === undefined ? "" : element(resultWrapper ?? `${operation}Result`, members);
    const metadata = element("ResponseMetadata", element("RequestId", requestId));
    const body = `<${operation}Response xmlns="${model.metadata.xmlNamespace}">${result}${metadata}</${operation}Response>`;
    return { status: 200, headers: headers(requestId), body };
  },
  encodeError(model, error, requestId) {
    const details = error.shape ? writeMembers(model, error.shape, error.details) : "";
    const inner = [
      element("Type", error.isServerFault ? "Receiver" : "Sender"),
      element("Code", error.code),
      element("Message", escapeXml(error.message)),
      details,
    ].join("");
    const namespace = model.metadata.xmlNamespace ?? "";
    const body = `<ErrorResponse xmlns="${namespace}">${element("Error", inner)}${element("RequestId", requestId)}</ErrorResponse>`;
    return { status: error.status, headers: headers(requestId), body };
  },
};

/** The form of a POST, or the query of a GET. */
export function formOf({ body, query, method }: WireRequest): URLSearchParams {
  return new URLSearchParams(method === "GET" ? query : body.toString("utf8"));
}

function headers(requestId: string): Record<string, string> {
  return { "content-type": "text/xml", "x-amzn-requestid": requestId };
}

/** The form's dotted names as a tree: `Tags.member.1.Key=a` -> Tags → member → 1 → Key = a. */
interface FormNode {
  text?: string;
  readonly children: Map<string, FormNode>;
}

function treeOf(form: URLSearchParams): FormNode {
  const root: FormNode = { children: new Map() };
  for (const [name, text] of form) {
    let node = root;
    for (const part of name.split(".")) {
      let child = node.children.get(part);
      if (!child) node.children.set(part, (child = { children: new Map() }));
      node = child;
    }
    node.text = text;
  }
  return root;
}

function readNode(model: Model, use: ShapeUse, node: FormNode | undefined): unknown {
  if (!node) return undefined;
  const shape = shapeOf(model, use.shape);
  if (shape.type === "structure") return readStructure(model, shape, node);
  if (shape.type === "list") return readList(model, shape, use, node);
  if (shape.type === "map") return readMap(model, shape, use, node);
  return node.text === undefined ? undefined : parseText(shape, node.text);
}

function readStructure(model: Model, shape: Shape, node: FormNode): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, use] of membersOf(shape)) {
    const value = readNode(model, use, node.children.get(use.locationName ?? name));
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function readList(model: Model, shape: Shape, use: ShapeUse, node: FormNode): unknown[] {
  const inner = shape.member ?? { shape: "" };
  const isFlat = shape.flattened || use.flattened;
  const holder = isFlat ? node : node.children.get(inner.locationName ?? "member");
  return numbered(holder).map((child) => readNode(model, inner, child));
}

function readMap(model: Model, shape: Shape, use: ShapeUse, node: FormNode): Record<string, unknown> {
  const [key, value] = [shape.key ?? { shape: "" }, shape.value ?? { shape: "" }];
  const holder = shape.flattened || use.flattened ? node : node.children.get("entry");
  const entries = numbered(holder).map((child) => [
    String(child.children.get(key.locationName ?? "key")?.text),
    readNode(model, value, child.children.get(value.locationName ?? "value")),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** Children 1, 2, 3… in numeric order. */
function numbered(node: FormNode | undefined): FormNode[] {
  const found = [...(node?.children ?? [])].filter(([name]) => /^\d+$/.test(name));
  return found.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}

function writeMembers(model: Model, shape: Shape, value: Readonly<Record<string, unknown>>): string {
  return membersOf(shape)
    .map(([name, use]) => writeXml(model, use, use.locationName ?? name, value[name]))
    .join("");
}

function writeXml(model: Model, use: ShapeUse, name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  const shape = shapeOf(model, use.shape);
  if (shape.type === "structure" && isPlainObject(value)) return element(name, writeMembers(model, shape, value));
  if (shape.type === "list" && Array.isArray(value)) {
    const inner = shape.member ?? { shape: "" };
    const isFlat = shape.flattened || use.flattened;
    const items = value.map((item) => writeXml(model, inner, isFlat ? name : (inner.locationName ?? "member"), item));
    return isFlat ? items.join("") : element(name, items.join(""));
  }
  if (shape.type === "map" && isPlainObject(value)) return element(name, writeEntries(model, shape, value));
  return element(name, escapeXml(formatText(value, use.timestampFormat ?? shape.timestampFormat ?? "iso8601")));
}

function writeEntries(model: Model, shape: Shape, map: Record<string, unknown>): string {
  const [key, value] = [shape.key ?? { shape: "" }, shape.value ?? { shape: "" }];
  return Object.entries(map)
    .map(([name, member]) => {
      const inner = element(key.locationName ?? "key", escapeXml(name));
      return element("entry", inner + writeXml(model, value, value.locationName ?? "value", member));
    })
    .join("");
}

function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}
