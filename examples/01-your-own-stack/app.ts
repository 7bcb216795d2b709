/**
 * A stack of your own with a retraining pipeline in it. `stack` and everything else here is yours: the construct needs one
 * dataset group and makes the rest. Synthesize it with
 *
 *     npx cdk synth --app "node local/cli/bootstrap.mjs example 01-your-own-stack"
 */
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RetrainingPipeline } from "../../infra/constructs/retraining-pipeline.ts";
import { projectFolder } from "../../infra/project-folder.ts";
import { resolveConfig } from "../../pipeline/config/outrank-config.ts";

/** @param outdir where the assembly goes; default what the cdk command says. */
export function main(outdir?: string): string {
  const app = new App(outdir === undefined ? {} : { outdir });
  const stack = new Stack(app, "MyShop");

  const pipeline = new RetrainingPipeline(stack, "Recommendations", {
    project: "my-shop",
    group: theGroup(),
  });

  new CfnOutput(stack, "Uploads", { value: pipeline.data.bucket.bucketName });
  new CfnOutput(stack, "StateMachine", { value: pipeline.stateMachineArn });
  return app.synth().directory;
}

/** As an entry of `datasetGroups` in outrank.json; schemas may be files. */
function theGroup() {
  const readJson = (path: string): unknown => JSON.parse(readFileSync(join(projectFolder(), path), "utf8"));
  const config = {
    datasetGroups: [
      {
        name: "web",
        datasets: {
          interactions: { schema: "examples/shop/interactions.schema.json" },
          items: { schema: "examples/shop/items.schema.json" },
        },
        solutions: [{ name: "for-you", recipe: "aws-user-personalization-v2" }],
        schedule: { expression: "cron(0 3 ? * SUN *)", timezone: "Europe/Berlin" },
      },
    ],
  };
  const [group] = resolveConfig(config, readJson).datasetGroups;
  if (group === undefined) throw new Error("the configuration above has a group");
  return group;
}
