/** What the endpoint needs of a wire protocol: a request to an operation and its input, an answer or an error to bytes. */
import type { Model } from "../../models/model.ts";
import type { WireError } from "../../models/wire-errors.ts";

export interface WireRequest {
  readonly method: string;
  /** As on the request line, percent-encoded, without the query. */
  readonly path: string;
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Decompressed. */
  readonly body: Buffer;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface DecodedCall {
  readonly operation: string;
  /** In the domain's form. */
  readonly input: unknown;
  /** Whether it was validated while it was read; not, unless it says so. */
  readonly isValid?: boolean;
}

/** All functions are pure; `decode` throws AwsError (an unknown operation, a body that cannot be parsed). */
export interface Protocol {
  decode(model: Model, request: WireRequest): DecodedCall;
  encode(model: Model, operation: string, output: unknown, requestId: string): WireResponse;
  encodeError(model: Model, error: WireError, requestId: string): WireResponse;
}
