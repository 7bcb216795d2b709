/** Requests to the embedded API Gateway, signed by the SDK's own signer. */
import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";

export class Sha256 {
  private readonly hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", toBytes(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(toBytes(data));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }
  reset(): void {
    throw new Error("a hash is used once");
  }
}

function toBytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

export interface Asked {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

const anybody = { accessKeyId: "any", secretAccessKey: "any" };

export async function signedFetch(url: string, asked: Asked = {}): Promise<Response> {
  const { method = "GET", body, headers = {}, credentials = anybody } = asked;
  const { protocol, hostname, port, pathname, searchParams, host } = new URL(url);
  const signer = new SignatureV4({ credentials, region: "us-east-1", service: "execute-api", sha256: Sha256 });
  const signed = await signer.sign({
    ...{ method, protocol, hostname, port: Number(port), path: pathname },
    query: Object.fromEntries(searchParams),
    headers: { host, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const { host: _, ...sent } = signed.headers;
  return fetch(url, { method, headers: sent, ...(body === undefined ? {} : { body }) });
}
