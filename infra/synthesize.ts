/** Configuration in, cloud assembly out. The one way to a template, for the cdk command and for the embedded cloud. */
import { App, DefaultStackSynthesizer, type IPolicyValidationPlugin, Validations } from "aws-cdk-lib";
import type { OutrankConfig } from "../pipeline/config/outrank-config.ts";
import { builtHandlers } from "./project-folder.ts";
import { OutrankStack } from "./stacks/outrank-stack.ts";

export interface SynthesizeOptions {
  readonly config: OutrankConfig;
  /** Folder of the bundled Lambdas; default what `npm run build` made. */
  readonly handlers?: string;
  /** Where the assembly goes; default cdk.out, or what the cdk command says. */
  readonly outdir?: string;
  /** Checks the template with CDK's built-in CloudFormation validation, which takes longer than all the rest. */
  readonly validate?: boolean;
  /** Rule packs that look at the constructs, e.g. cdk-nag's; their report is the assembly's validation-report.json. */
  readonly checks?: (app: App) => readonly IPolicyValidationPlugin[];
}

/** `outrank` -> `Outrank`, `my-shop` -> `MyShop`: the stack's name. */
const stackName = (project: string): string =>
  project.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Needs no credentials and no network. The same input gives the same bytes. Returns the assembly's folder. */
export function synthesize({
  config,
  handlers = builtHandlers(),
  outdir,
  validate = false,
  checks = () => [],
}: SynthesizeOptions): string {
  // Stack traces would make the bytes depend on who calls, and cost time.
  const context = { "aws:cdk:disable-creation-stack-traces": true };
  const quiet = {
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    builtinCloudFormationValidation: validate,
    context,
  };
  const app = new App({ ...quiet, ...(outdir === undefined ? {} : { outdir }) });
  Validations.of(app).addPlugins(...checks(app));
  new OutrankStack(app, stackName(config.project), {
    config,
    handlers,
    description: "Outrank: a recommender goes live only if it beats the popular-items baseline",
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });
  return app.synth().directory;
}
