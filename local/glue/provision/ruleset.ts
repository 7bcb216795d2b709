/** AWS::Glue::DataQualityRuleset: Ref is its name. */
import * as z from "zod";
import { physicalName } from "../../cloud/ports/physical-name.ts";
import type { Provisioner } from "../../cloud/ports/service.ts";
import { createRuleset, deleteRuleset, readRuleset } from "../operations/rulesets.ts";
import type { Glue } from "../state.ts";

const Properties = z.looseObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  Ruleset: z.string(),
  TargetTable: z.looseObject({ DatabaseName: z.string(), TableName: z.string() }).optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});

export function rulesetProvisioner(glue: Glue): Provisioner {
  return {
    type: "AWS::Glue::DataQualityRuleset",
    async apply({ stackName, logicalId, properties }) {
      const { Name, Description, Ruleset, TargetTable, Tags } = Properties.parse(properties);
      const name = Name ?? physicalName(stackName, logicalId, 255);
      const request = { Name: name, Description, Ruleset, TargetTable, Tags };
      const known = glue.rulesets.get(name);
      if (!known) await createRuleset(glue, request);
      else if (JSON.stringify(known.request) !== JSON.stringify(request)) {
        readRuleset(name, Ruleset);
        glue.rulesets.put(name, { ...known, request, modifiedAt: glue.deps.clock.now() });
        await glue.deps.store.commit();
      }
      return { ref: name, attributes: {} };
    },
    async remove(name) {
      if (glue.rulesets.has(name)) await deleteRuleset(glue, { Name: name });
    },
  };
}
