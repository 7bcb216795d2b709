/** Reads a synthesized CDK cloud assembly: its stacks in deployable order, their templates and their file assets. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import { TemplateError } from "./template-error.ts";
import { sortByDependencies } from "./order.ts";

const Manifest = z.looseObject({
  artifacts: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        dependencies: z.array(z.string()).default([]),
        properties: z
          .looseObject({ stackName: z.string(), templateFile: z.string(), directoryName: z.string() })
          .partial()
          .default({}),
      }),
    )
    .default({}),
});

const Assets = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ path: z.string(), packaging: z.string().default("file") }),
        destinations: z.record(z.string(), z.looseObject({ bucketName: z.string(), objectKey: z.string() })),
      }),
    )
    .default({}),
  dockerImages: z.record(z.string(), z.unknown()).default({}),
});

const ResourceShape = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  Condition: z.string().optional(),
  DeletionPolicy: z.string().optional(),
});

const TemplateShape = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({ Type: z.string(), Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), ResourceShape).default({}),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({
        Value: z.unknown().optional(),
        Condition: z.string().optional(),
        Export: z.looseObject({ Name: z.unknown().optional() }).optional(),
      }),
    )
    .default({}),
  Transform: z.unknown().optional(),
});

export type Template = z.infer<typeof TemplateShape>;
export type TemplateResource = z.infer<typeof ResourceShape>;

export interface AssemblyStack {
  readonly name: string;
  readonly template: Template;
}

export interface Assembly {
  readonly stacks: readonly AssemblyStack[];
  /** The absolute local path of what `cdk deploy` would have uploaded under this bucket and key. */
  localAsset(bucket: string, key: string): string | undefined;
}

export interface AssemblyPlace {
  readonly directory: string;
  readonly account: string;
  readonly region: string;
}

function readJson<T>(path: string, schema: z.ZodType<T>): T {
  if (!existsSync(path)) throw new TemplateError(`${path} is missing: synthesize the app first`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new TemplateError(`${path} is not JSON: synthesize the app again`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new TemplateError(`${path} is not as CDK writes it\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

export function readAssembly(place: AssemblyPlace): Assembly {
  const assets = new Map<string, string>();
  const stacks = readDirectory(place, resolve(place.directory), assets);
  if (stacks.length === 0) throw new TemplateError(`${place.directory} holds no stack`);
  return { stacks, localAsset: (bucket, key) => assets.get(`${bucket}/${key}`) };
}

/** Stages are assemblies inside the assembly. */
function readDirectory(place: AssemblyPlace, directory: string, assets: Map<string, string>): AssemblyStack[] {
  const { artifacts } = readJson(join(directory, "manifest.json"), Manifest);
  const names = Object.keys(artifacts);
  const ordered = sortByDependencies(
    names,
    (name) => artifacts[name]?.dependencies.filter((dependency) => artifacts[dependency]) ?? [],
    "The stacks of the assembly",
  );
  return ordered.flatMap((id) => {
    const { type, properties } = artifacts[id] ?? { type: "", properties: {} };
    if (type === "cdk:cloud-assembly")
      return readDirectory(place, join(directory, properties.directoryName ?? id), assets);
    if (type === "cdk:asset-manifest") readAssets(place, directory, properties, assets);
    if (type !== "aws:cloudformation:stack") return [];
    const file = join(directory, properties.templateFile ?? `${id}.template.json`);
    return [{ name: properties.stackName ?? id, template: readJson(file, TemplateShape) }];
  });
}

function readAssets(place: AssemblyPlace, directory: string, properties: object, assets: Map<string, string>): void {
  const file = (properties as { file?: unknown }).file;
  if (typeof file !== "string") return;
  const { files, dockerImages } = readJson(join(directory, file), Assets);
  const images = Object.keys(dockerImages);
  if (images.length > 0)
    throw new TemplateError(`${file}: container image assets cannot run here: ${images.join(", ")}`);
  for (const { source, destinations } of Object.values(files)) {
    for (const { bucketName, objectKey } of Object.values(destinations)) {
      assets.set(`${fillIn(bucketName, place)}/${fillIn(objectKey, place)}`, resolve(directory, source.path));
    }
  }
}

/** Asset manifests know three placeholders, in CloudFormation's spelling. */
const fillIn = (text: string, { account, region }: AssemblyPlace): string =>
  text
    .replaceAll("${AWS::AccountId}", account)
    .replaceAll("${AWS::Region}", region)
    .replaceAll("${AWS::Partition}", "aws");
