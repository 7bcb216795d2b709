/** Lambda with real worker threads: answers, errors, limits, logs, reuse; the system's clock where time is real. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { buildSync } from "esbuild";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSystemClock } from "../../../local/cloud/clock/system-clock.ts";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import { AccessDeniedException, AwsError } from "../../../local/cloud/ports/aws-error.ts";
import { projectRoot } from "../../../local/cloud/project-root.ts";
import { createLambda } from "../../../local/lambda/create-lambda.ts";
import type { LambdaDeps } from "../../../local/lambda/state.ts";
import { openDoor, rootContext, testDeps } from "../../support/service-deps.ts";

const scratch = mkdtempSync(join(tmpdir(), "outrank-lambda-"));
const workerFile = join(scratch, "lambda-worker.mjs");
const roleArn = "arn:aws:iam::000000000000:role/Worker";
const open: { close?(): Promise<void> }[] = [];

beforeAll(() => {
  buildSync({
    entryPoints: [join(projectRoot(), "local/lambda/worker.ts")],
    outfile: workerFile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
  });
});
afterEach(async () => {
  for (const service of open.splice(0)) await service.close?.();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A folder with this code as index.js (or under another name). */
function folder(code: string, file = "index.js"): string {
  const path = mkdtempSync(join(scratch, "asset."));
  mkdirSync(join(path, "node_modules"));
  writeFileSync(join(path, file), code);
  return path;
}

function start(options: Partial<LambdaDeps> = {}) {
  const deps = testDeps(options.store ? { store: options.store } : {});
  const logged: Record<string, string[]> = {};
  const policies = new Map<string, object | undefined>();
  const lambda = createLambda({
    ...deps,
    authorizer: openDoor,
    realClock: createSystemClock(),
    endpointUrl: () => "http://127.0.0.1:1",
    issueCredentials: (role, session) => ({ accessKeyId: `ASIA-${session}`, secretAccessKey: "s", sessionToken: role }),
    appendLog: (group, stream, lines) => void (logged[`${group} ${stream}`] ??= []).push(...lines),
    setResourcePolicy: (arn, document) => Promise.resolve(void policies.set(arn, document)),
    codeDirectory: join(scratch, "inline"),
    workerFile,
    ...options,
  });
  open.push(lambda.service);
  const provision = (type: string, properties: object, logicalId = "Fn", physicalId?: string) => {
    const provisioner = lambda.provisioners.find((one) => one.type === type);
    if (!provisioner) throw new Error(`no provisioner for ${type}`);
    return provisioner.apply({ stackName: "Shop", logicalId, physicalId, properties: { ...properties } });
  };
  const deployed = (code: string, more: object = {}) =>
    provision("AWS::Lambda::Function", {
      FunctionName: "fn",
      Role: roleArn,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { localAsset: folder(code) },
      ...more,
    });
  let request = 0;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests name the operation whose output they read
  const run = async (operation: string, input: object = {}): Promise<any> =>
    await lambda.service.operations[operation]?.(input, { ...rootContext, requestId: `request-${++request}` });
  const invoke = async (event: unknown = {}, more: object = {}) => {
    const output = await run("Invoke", { FunctionName: "fn", Payload: Buffer.from(JSON.stringify(event)), ...more });
    return { ...output, value: JSON.parse(Buffer.from(output.Payload ?? "null").toString()) as unknown };
  };
  return { ...deps, ...lambda, provision, deployed, run, invoke, logged, policies };
}

/** Starts, deploys this code as `fn`, and invokes it once. */
async function answer(code: string, event: unknown = {}, more: object = {}) {
  const lambda = start();
  await lambda.deployed(code, more);
  return { ...(await lambda.invoke(event)), logged: Object.values(lambda.logged).flat() };
}

describe("an answer", () => {
  it.each([
    { why: "async", code: "exports.handler = async (event) => ({ got: event.x })", value: { got: 7 } },
    { why: "promise", code: "exports.handler = (event) => Promise.resolve([event.x])", value: [7] },
    {
      why: "callback",
      code: "exports.handler = (event, context, done) => setTimeout(() => done(null, event.x), 5)",
      value: 7,
    },
    { why: "context.succeed", code: "exports.handler = (event, context, _) => context.succeed('ok')", value: "ok" },
    { why: "nothing", code: "exports.handler = async () => {}", value: null },
    { why: "an ES module", code: "export const handler = async () => 'esm'", file: "index.mjs", value: "esm" },
    { why: "a nested export", code: "exports.a = { b: async () => 'nested' }", handler: "index.a.b", value: "nested" },
  ])("comes from a handler in any style: $why", async ({ code, file, handler, value }) => {
    const lambda = start();
    await lambda.deployed("", { Code: { localAsset: folder(code, file) }, Handler: handler ?? "index.handler" });

    expect(await lambda.invoke({ x: 7 })).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST", value });
  });

  it("may be made with the context", async () => {
    const { value } = await answer(
      `exports.handler = async (event, { getRemainingTimeInMillis, ...context }) =>
         ({ ...context, left: getRemainingTimeInMillis() })`,
      {},
      { Timeout: 20, MemorySize: 256 },
    );

    expect(value).toMatchObject({
      awsRequestId: "request-1",
      functionName: "fn",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:fn",
      memoryLimitInMB: "256",
      logGroupName: "/aws/lambda/fn",
      logStreamName: expect.stringMatching(/^2026\/01\/05\/\[\$LATEST\][0-9a-f]{32}$/),
    });
    const { left } = value as { left: number };
    expect(left).toBeGreaterThan(15_000);
    expect(left).toBeLessThanOrEqual(20_000);
  });

  it("sees its own environment and role, and nothing of this process", async () => {
    process.env.OUTRANK_SECRET = "leak";
    const { value } = await answer(
      "exports.handler = async () => process.env",
      {},
      { Environment: { Variables: { STAGE: "dev" } } },
    );
    delete process.env.OUTRANK_SECRET;

    expect(value).toMatchObject({
      STAGE: "dev",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "ASIA-fn",
      AWS_SESSION_TOKEN: roleArn,
      AWS_LAMBDA_FUNCTION_NAME: "fn",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      _HANDLER: "index.handler",
    });
    expect(value).not.toHaveProperty("OUTRANK_SECRET");
    expect(value).not.toHaveProperty("NODE_OPTIONS");
  });

  it("can call back over HTTP while it runs", async () => {
    const server = createServer((_, response) => response.end("from outside"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const lambda = start({ endpointUrl: () => url });
    await lambda.deployed("exports.handler = async () => (await fetch(process.env.AWS_ENDPOINT_URL)).text()");

    expect((await lambda.invoke()).value).toBe("from outside");
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("a failure", () => {
  it("carries type, message and trace as Lambda's do", async () => {
    const { StatusCode, FunctionError, value } = await answer(
      "class Odd extends Error { name = 'Odd' }; exports.handler = async () => { throw new Odd('not today') }",
    );

    expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(value).toMatchObject({ errorType: "Odd", errorMessage: "not today" });
    expect((value as { trace: string[] }).trace[1]).toMatch(/^ {4}at .*index\.js:1/);
  });

  it.each([
    {
      why: "a text",
      code: "exports.handler = async () => { throw 'words' }",
      error: { errorType: "string", errorMessage: "words", trace: [] },
    },
    {
      why: "by callback",
      code: "exports.handler = (e, c, done) => done(new TypeError('no'))",
      error: { errorType: "TypeError", errorMessage: "no" },
    },
    { why: "before it is a promise", code: "exports.handler = (e) => e.a.b", error: { errorType: "TypeError" } },
    {
      why: "a circular answer",
      code: "exports.handler = async () => { const a = {}; a.a = a; return a }",
      error: { errorType: "Runtime.MarshalError", errorMessage: "Unable to stringify response body" },
    },
    {
      why: "no such file",
      code: "",
      handler: "other.handler",
      error: { errorType: "Runtime.ImportModuleError", errorMessage: "Error: Cannot find module 'other'" },
    },
    {
      why: "no such export",
      code: "exports.x = 1",
      error: { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is undefined or not exported" },
    },
    {
      why: "no function",
      code: "exports.handler = 1",
      error: { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is not a function" },
    },
    {
      why: "a bad name",
      code: "",
      handler: "index",
      error: { errorType: "Runtime.MalformedHandlerName", errorMessage: "Bad handler" },
    },
    { why: "a missing package", code: "require('nowhere')", error: { errorType: "Runtime.ImportModuleError" } },
    { why: "bad syntax", code: "exports.handler = async ( => 1", error: { errorType: "Runtime.UserCodeSyntaxError" } },
    {
      why: "thrown while loading",
      code: "throw new RangeError('early')",
      error: { errorType: "RangeError", errorMessage: "early" },
    },
    {
      why: "process.exit",
      code: "exports.handler = async () => process.exit(3)",
      error: {
        errorType: "Runtime.ExitError",
        errorMessage: "RequestId: request-1 Error: Runtime exited with error: exit status 3",
      },
    },
    {
      why: "process.exit without error",
      code: "exports.handler = async () => process.exit(0)",
      error: {
        errorType: "Runtime.ExitError",
        errorMessage: "RequestId: request-1 Error: Runtime exited without providing a reason",
      },
    },
    {
      why: "thrown beside the handler",
      code: "exports.handler = () => new Promise(() => setTimeout(() => { throw new Error('aside') }, 1))",
      error: { errorType: "Error", errorMessage: "aside" },
    },
    {
      why: "a rejection nobody handles",
      code: "exports.handler = () => new Promise(() => { Promise.reject(new Error('lost')) })",
      error: { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: lost" },
    },
  ])("is told by its kind: $why", async ({ code, handler, error }) => {
    const { FunctionError, value } = await answer(code, {}, handler ? { Handler: handler } : {});

    expect(FunctionError).toBe("Unhandled");
    expect(value).toMatchObject(error);
  });

  it("ends a function at its timeout, even one that never lets go", async () => {
    const { value, logged } = await answer("exports.handler = async () => { for (;;); }", {}, { Timeout: 1 });

    expect(value).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: "RequestId: request-1 Error: Task timed out after 1.00 seconds",
    });
    expect(logged.at(-1)).toMatch(/^REPORT .*\tStatus: timeout\t$/);
  });

  it("ends a function that wants too much memory", async () => {
    const { value } = await answer(
      "exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(0.5)); }",
      {},
      { Timeout: 60 },
    );

    expect(value).toEqual({
      errorType: "Runtime.OutOfMemory",
      errorMessage: "RequestId: request-1 Error: Runtime exited with error: signal: killed",
    });
  });

  it("does not spoil the next invocation", async () => {
    const lambda = start();
    await lambda.deployed("let n = 0; exports.handler = async (e) => e.die ? process.exit(1) : ++n");

    expect((await lambda.invoke()).value).toBe(1);
    expect((await lambda.invoke({ die: true })).FunctionError).toBe("Unhandled");
    expect((await lambda.invoke()).value).toBe(1);
  });
});

describe("the log", () => {
  it("has START, what was printed with level and request, END and REPORT, in order", async () => {
    const { logged } = await answer(
      "console.log('loading'); exports.handler = async () => { console.log('a %d', 1, { b: 2 }); console.error('two\\nlines'); process.stdout.write('raw\\n') }",
    );

    expect(logged).toEqual([
      "START RequestId: request-1 Version: $LATEST",
      expect.stringMatching(/\tINFO\tloading$/),
      "2026-01-05T00:00:00.000Z\trequest-1\tINFO\ta 1 { b: 2 }",
      "2026-01-05T00:00:00.000Z\trequest-1\tERROR\ttwo\nlines",
      "raw",
      "END RequestId: request-1",
      expect.stringMatching(
        /^REPORT RequestId: request-1\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t$/,
      ),
    ]);
  });

  it("may be JSON, in a group of its own, and comes with the answer when asked for", async () => {
    const lambda = start();
    await lambda.deployed("exports.handler = async () => console.warn('careful')", {
      LoggingConfig: { LogGroup: "/shop/fn", LogFormat: "JSON" },
    });

    const { LogResult } = await lambda.invoke({}, { LogType: "Tail" });

    const [key = "", lines = []] = Object.entries(lambda.logged)[0] ?? [];
    expect(key.startsWith("/shop/fn 2026/01/05/[$LATEST]")).toBe(true);
    expect(JSON.parse(lines[1] ?? "")).toEqual({
      timestamp: "2026-01-05T00:00:00.000Z",
      level: "WARN",
      requestId: "request-1",
      message: "careful",
    });
    expect(Buffer.from(LogResult as string, "base64").toString()).toContain("careful");
  });

  it("is lost when the role may not write it, and we say so", async () => {
    const authorizer = {
      ...openDoor,
      authorize: () => {
        throw new AccessDeniedException("role", "logs:PutLogEvents", "group");
      },
    };
    const lambda = start({ authorizer });
    await lambda.deployed("exports.handler = async () => 1");

    expect((await lambda.invoke()).value).toBe(1);
    expect(lambda.logged).toEqual({});
    expect(lambda.lines.at(-1)).toContain("the log of fn is lost");
  });
});

describe("environments", () => {
  const counter =
    "let n = 0; exports.handler = async (e) => { await new Promise(r => setTimeout(r, e.wait ?? 0)); return ++n }";

  it("are used again while they are warm", async () => {
    const lambda = start();
    await lambda.deployed(counter);

    expect([(await lambda.invoke()).value, (await lambda.invoke()).value]).toEqual([1, 2]);
    expect(Object.keys(lambda.logged)).toHaveLength(1);
  });

  it("grow with demand", async () => {
    const lambda = start();
    await lambda.deployed(counter);

    const values = await Promise.all([1, 2, 3].map(() => lambda.invoke({ wait: 200 })));

    expect(values.map(({ value }) => value)).toEqual([1, 1, 1]);
  });

  it("make more invocations than there may be environments wait for their turn", async () => {
    const lambda = start();
    await lambda.deployed("exports.handler = async (e) => e.i");

    const values = await Promise.all(Array.from({ length: 40 }, (_, i) => lambda.invoke({ i })));

    expect(values.map(({ value }) => value)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it("are new when the code or the configuration changed", async () => {
    const lambda = start();
    await lambda.deployed(counter);
    await lambda.invoke();

    await lambda.deployed(counter, { Environment: { Variables: { A: "1" } } });
    expect((await lambda.invoke()).value).toBe(1);
    await lambda.deployed("exports.handler = async () => 'new code'");
    expect((await lambda.invoke()).value).toBe("new code");
  });

  it("hold the clock while they run", async () => {
    const lambda = start();
    await lambda.deployed(counter);
    let hasJumped = false;
    lambda.clock.at(lambda.clock.now() + 3_600_000, () => (hasJumped = true));

    const running = lambda.invoke({ wait: 100 });
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(hasJumped).toBe(false);
    await running;
    await lambda.clock.idle();
    expect(hasJumped).toBe(true);
  });

  it("are limited by a reserved concurrency", async () => {
    const lambda = start();
    await lambda.deployed(counter, { ReservedConcurrentExecutions: 1 });

    const first = lambda.invoke({ wait: 100 });
    await expect(lambda.invoke()).rejects.toMatchObject({
      name: "TooManyRequestsException",
      status: 429,
      message: "Rate Exceeded.",
    });
    await first;
    expect((await lambda.invoke()).value).toBe(2);
  });
});

describe("requests", () => {
  it.each([
    {
      why: "unknown function",
      input: { FunctionName: "nobody" },
      name: "ResourceNotFoundException",
      says: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody",
    },
    {
      why: "unknown version",
      input: { FunctionName: "fn:7" },
      name: "ResourceNotFoundException",
      says: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:fn:7",
    },
    {
      why: "no JSON",
      input: { Payload: Buffer.from("{") },
      name: "InvalidRequestContentException",
      says: "Could not parse request body into json",
    },
    {
      why: "too much",
      input: { Payload: Buffer.alloc(6 * 1024 * 1024 + 1) },
      name: "RequestTooLargeException",
      says: "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    },
    {
      why: "too much for an event",
      input: { InvocationType: "Event", Payload: Buffer.alloc(1024 * 1024 + 1) },
      name: "RequestTooLargeException",
      says: "1048576",
    },
    {
      why: "two qualifiers",
      input: { FunctionName: "fn:1", Qualifier: "2" },
      name: "InvalidParameterValueException",
      says: "does not match",
    },
  ])("are refused: $why", async ({ input, name, says }) => {
    const lambda = start();
    await lambda.deployed("exports.handler = async () => 1");

    await expect(lambda.run("Invoke", { FunctionName: "fn", ...input })).rejects.toMatchObject({
      name,
      message: expect.stringContaining(says),
    });
  });

  it.each(["fn", "arn:aws:lambda:us-east-1:000000000000:function:fn", "000000000000:function:fn", "fn:$LATEST"])(
    "may call it %s",
    async (FunctionName) => {
      const lambda = start();
      await lambda.deployed("exports.handler = async () => 1");

      expect((await lambda.invoke({}, { FunctionName })).value).toBe(1);
    },
  );

  it("may only check, or send nothing", async () => {
    const lambda = start();
    await lambda.deployed("exports.handler = async (e) => e");

    expect(await lambda.run("Invoke", { FunctionName: "fn", InvocationType: "DryRun" })).toEqual({ StatusCode: 204 });
    expect(Buffer.from((await lambda.run("Invoke", { FunctionName: "fn" })).Payload).toString()).toBe("{}");
  });

  it("are answered with an error when the answer is too long", async () => {
    const { value } = await answer("exports.handler = async () => 'x'.repeat(7e6)", {}, { MemorySize: 256 });

    expect(value).toEqual({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    });
  });

  it("list and describe functions", async () => {
    const lambda = start();
    await lambda.deployed("exports.handler = async () => 1", {
      Description: "d",
      Timeout: 9,
      Tags: [{ Key: "a", Value: "b" }],
    });

    const described = await lambda.run("GetFunction", { FunctionName: "fn" });
    expect(described).toMatchObject({
      Configuration: {
        FunctionName: "fn",
        Runtime: "nodejs24.x",
        Role: roleArn,
        Timeout: 9,
        MemorySize: 128,
        State: "Active",
        Version: "$LATEST",
      },
      Tags: { a: "b" },
    });
    expect(described.Configuration.CodeSize).toBe(31);
    expect((await lambda.run("ListFunctions")).Functions).toEqual([described.Configuration]);
    expect(await lambda.run("GetFunctionConfiguration", { FunctionName: "fn" })).toEqual(described.Configuration);
  });
});

describe("events", () => {
  it("are taken at once, and repeated after one and two minutes when the function fails", async () => {
    const lambda = start();
    await lambda.deployed("exports.handler = async () => { throw new Error('busy') }");
    const begun = lambda.clock.now();

    expect(await lambda.run("Invoke", { FunctionName: "fn", InvocationType: "Event" })).toEqual({ StatusCode: 202 });
    await lambda.clock.idle();

    const starts = Object.values(lambda.logged)
      .flat()
      .filter((line) => line.startsWith("START"));
    expect(starts).toEqual(Array(3).fill("START RequestId: request-1 Version: $LATEST"));
    expect(lambda.clock.now() - begun).toBe(180_000);
    expect(lambda.lines.at(-1)).toContain("gave up event request-1 for fn after 3 attempts");
  });

  it("that were not done when the process ended are done at the next start", async () => {
    const store = memoryStore();
    const before = start({ store });
    await before.deployed("exports.handler = () => new Promise(() => {})", { Timeout: 60 });
    await before.run("Invoke", { FunctionName: "fn", InvocationType: "Event", Payload: Buffer.from('{"a":1}') });
    await before.service.close?.();

    const after = start({ store });
    await after.deployed("exports.handler = async (e) => console.log(JSON.stringify(e))");
    await after.service.resume?.();
    await after.clock.idle();

    expect(Object.values(after.logged).flat().join("\n")).toContain('{"a":1}');
  });
});

describe("from a template", () => {
  it("comes a function with inline code and a made-up name; the same again changes nothing", async () => {
    const lambda = start();
    const properties = {
      Role: roleArn,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: "exports.handler = async () => 'inline'" },
    };
    const first = await lambda.provision("AWS::Lambda::Function", properties);
    const described = await lambda.run("GetFunction", { FunctionName: first.ref });

    expect(await lambda.provision("AWS::Lambda::Function", properties)).toEqual(first);
    expect(await lambda.run("GetFunction", { FunctionName: first.ref })).toEqual(described);
    expect(first.ref).toMatch(/^Shop-Fn-[0-9A-F]{12}$/);
    expect((await lambda.invoke({}, { FunctionName: first.ref })).value).toBe("inline");
  });

  it.each([
    { why: "another runtime", more: { Runtime: "python3.13" }, says: "python3.13 cannot run here" },
    { why: "an image", more: { Code: { ImageUri: "x" } }, says: "Container images" },
    { why: "layers", more: { Layers: ["arn"] }, says: "Layers" },
    {
      why: "a reserved variable",
      more: { Environment: { Variables: { AWS_REGION: "x" } } },
      says: "Reserved keys used in this request: AWS_REGION",
    },
    { why: "code that is elsewhere", more: { Code: { S3Bucket: "b", S3Key: "k" } }, says: "s3://b/k is not an asset" },
    { why: "an archive", more: { Code: { localAsset: workerFile } }, says: "is not a folder" },
  ])("is refused what cannot run here: $why", async ({ more, says }) => {
    await expect(start().deployed("", more)).rejects.toThrow(says);
  });

  it("is refused a role that Lambda may not assume", async () => {
    const authorizer = {
      ...openDoor,
      assertAssumable: () => {
        throw new AwsError("AccessDenied", "no trust");
      },
    };
    await expect(start({ authorizer }).deployed("")).rejects.toThrow(
      "The role defined for the function cannot be assumed by Lambda. no trust",
    );
  });

  it("come permissions, which are the function's policy", async () => {
    const lambda = start();
    await lambda.deployed("exports.handler = async () => 1");
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:fn";
    const rule = "arn:aws:events:us-east-1:000000000000:rule/uploads";

    const { ref } = await lambda.provision(
      "AWS::Lambda::Permission",
      { Action: "lambda:InvokeFunction", FunctionName: arn, Principal: "events.amazonaws.com", SourceArn: rule },
      "Allow",
    );

    const statement = {
      Sid: ref,
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: arn,
      Condition: { ArnLike: { "AWS:SourceArn": rule } },
    };
    expect(lambda.policies.get(arn)).toEqual({ Version: "2012-10-17", Id: "default", Statement: [statement] });
    expect(JSON.parse((await lambda.run("GetPolicy", { FunctionName: "fn" })).Policy)).toMatchObject({
      Statement: [statement],
    });
    await expect(
      lambda.run("AddPermission", {
        FunctionName: "fn",
        StatementId: ref,
        Action: "lambda:InvokeFunction",
        Principal: "*",
      }),
    ).rejects.toMatchObject({ name: "ResourceConflictException", status: 409 });

    await lambda.run("AddPermission", {
      FunctionName: "fn",
      StatementId: "x",
      Action: "lambda:InvokeFunction",
      Principal: "111111111111",
    });
    await lambda.run("RemovePermission", { FunctionName: "fn", StatementId: "x" });
    await lambda.provisioners.find((one) => one.type === "AWS::Lambda::Permission")?.remove(ref);
    expect(lambda.policies.get(arn)).toBeUndefined();
    await expect(lambda.run("GetPolicy", { FunctionName: "fn" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("come versions, which stay as they were, and aliases", async () => {
    const lambda = start();
    await lambda.deployed("exports.handler = async (e, c) => 'one ' + c.functionVersion");
    const version = await lambda.provision("AWS::Lambda::Version", { FunctionName: "fn" }, "V1");
    await lambda.provision(
      "AWS::Lambda::Alias",
      { FunctionName: "fn", Name: "live", FunctionVersion: version.attributes.Version },
      "Live",
    );
    await lambda.deployed("exports.handler = async () => 'two'");

    expect(version.ref).toBe("arn:aws:lambda:us-east-1:000000000000:function:fn:1");
    expect(await lambda.provision("AWS::Lambda::Version", { FunctionName: "fn" }, "V1", version.ref)).toEqual(version);
    expect((await lambda.invoke({}, { FunctionName: "fn:live" })).value).toBe("one 1");
    expect((await lambda.invoke({}, { Qualifier: "1" })).value).toBe("one 1");
    expect((await lambda.invoke()).value).toBe("two");
  });
});

describe("permissions", () => {
  it("to invoke are asked for on the function, with its qualifier", () => {
    const { service } = start();
    const ask = (operation: string, input: object) => service.access(operation, input, rootContext);

    expect(ask("Invoke", { FunctionName: "fn" })).toEqual([
      { action: "lambda:InvokeFunction", resource: "arn:aws:lambda:us-east-1:000000000000:function:fn" },
    ]);
    expect(ask("Invoke", { FunctionName: "fn", Qualifier: "live" })[0]?.resource).toMatch(/:fn:live$/);
    expect(ask("ListFunctions", {})).toEqual([{ action: "lambda:ListFunctions", resource: "*" }]);
  });
});
