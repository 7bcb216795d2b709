/** A function's code on this machine: a synthesized folder, or a file written for code that stands in the template. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { InvalidParameterValueException } from "./state.ts";

export interface FunctionCode {
  readonly codePath: string;
  readonly codeBytes: number;
  readonly codeSha256: string;
}

export interface CodeLocation {
  readonly localAsset?: string;
  readonly ZipFile?: string;
  readonly S3Bucket?: string;
  readonly S3Key?: string;
}

export function functionCode(location: CodeLocation, codeDirectory: string): FunctionCode {
  const folder = location.ZipFile === undefined ? location.localAsset : writeInline(location.ZipFile, codeDirectory);
  if (folder === undefined) {
    throw new InvalidParameterValueException(
      `The code at s3://${location.S3Bucket}/${location.S3Key} is not an asset of the assembly; use Code.fromAsset with a folder.`,
    );
  }
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidParameterValueException(
      `The code at ${folder} is not a folder; zip archives are not unpacked here.`,
    );
  }
  return { codePath: folder, ...digestOf(folder) };
}

/** CloudFormation puts inline code of Node.js functions into index.js. No package.json above may say what `.js` is. */
function writeInline(code: string, codeDirectory: string): string {
  const folder = join(codeDirectory, createHash("sha256").update(code).digest("hex").slice(0, 16));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(codeDirectory, "package.json"), "{}");
  writeFileSync(join(folder, "index.js"), code);
  return folder;
}

function digestOf(folder: string): Omit<FunctionCode, "codePath"> {
  const hash = createHash("sha256");
  let codeBytes = 0;
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const content = readFileSync(file);
    codeBytes += content.byteLength;
    hash.update(`${relative(folder, file)}\0${content.byteLength}\0`).update(content);
  }
  return { codeBytes, codeSha256: hash.digest("base64") };
}
