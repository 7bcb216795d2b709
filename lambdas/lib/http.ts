/** What HTTP functions are handed and answer: API Gateway's payload format 2.0. Errors are JSON that names thing and remedy. */
import * as z from "zod";

export const HttpEvent = z.object({
  rawPath: z.string(),
  pathParameters: z.record(z.string(), z.string()).default({}),
  queryStringParameters: z.record(z.string(), z.string()).default({}),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    http: z.object({ method: z.string() }),
    authorizer: z.object({ iam: z.object({ userArn: z.string() }) }).optional(),
  }),
});
export type HttpEvent = z.infer<typeof HttpEvent>;

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const json = (statusCode: number, value: unknown): HttpAnswer => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

/** The request cannot be answered as it is; whoever sent it can repair that. */
export class HttpProblem extends Error {
  override readonly name: string;
  readonly statusCode: number;
  constructor(statusCode: number, name: string, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.name = name;
  }
}

const bodyOf = ({ body, isBase64Encoded }: HttpEvent): string =>
  isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;

/** The body as form fields. */
export const formOf = (event: HttpEvent): URLSearchParams => new URLSearchParams(bodyOf(event));

/** The body as JSON in this shape; an empty one is `{}`. */
export function parsedBody<Shape extends z.ZodType>(event: HttpEvent, shape: Shape): z.output<Shape> {
  const text = bodyOf(event);
  let value: unknown;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new HttpProblem(400, "InvalidInput", `The body is no JSON: ${JSON.stringify(text.slice(0, 40))}`);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw new HttpProblem(400, "InvalidInput", faults.join("; "));
}

/** Turns problems into answers; what else goes wrong is a 500 that API Gateway writes. */
export const answering =
  (answer: (event: HttpEvent) => Promise<HttpAnswer>) =>
  async (event: unknown): Promise<HttpAnswer> => {
    try {
      return await answer(HttpEvent.parse(event));
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      return json(error.statusCode, { error: error.name, message: error.message });
    }
  };
