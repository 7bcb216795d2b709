/** Reads a request's body whole, up to a limit, decompressed. S3's bodies are not read here: they may be of any size. */
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AwsError } from "../ports/aws-error.ts";

/** More than any request of these APIs may have: Lambda's code upload is the largest with 70 MB as base64. */
const longestBodyBytes = 72 * 2 ** 20;
const unzip = promisify(gunzip);

export interface ReadBody {
  /** As it was sent; what the signature covers. */
  readonly raw: Buffer;
  readonly body: Buffer;
}

/** Rejects with ClientGone when the client went away before the end. */
export async function readRequestBody(request: IncomingMessage): Promise<ReadBody> {
  const raw = await readAll(request);
  if (request.headers["content-encoding"] !== "gzip") return { raw, body: raw };
  try {
    return { raw, body: await unzip(raw, { maxOutputLength: longestBodyBytes }) };
  } catch (error) {
    throw new AwsError("SerializationException", "The body is not what its Content-Encoding gzip says", {
      cause: error,
    });
  }
}

/** Not an error of ours: nobody is there to be answered. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

function readAll(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on("data", (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= longestBodyBytes) return void chunks.push(chunk);
      request.removeAllListeners("data").resume(); // the rest is read and dropped, so that the client sees the answer
      reject(
        new AwsError("RequestEntityTooLargeException", `The body exceeds ${longestBodyBytes} bytes`, { status: 413 }),
      );
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    const onGone = () => {
      if (!request.complete) reject(new ClientGone("The client closed the connection within its request"));
    };
    request.on("error", onGone);
    request.on("close", onGone);
  });
}
