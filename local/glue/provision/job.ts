/** AWS::Glue::Job: Ref is its name. Numbers may stand in a template as texts. */
import type { CreateJobRequest } from "@aws-sdk/client-glue";
import * as z from "zod";
import { physicalName } from "../../cloud/ports/physical-name.ts";
import type { Provisioner } from "../../cloud/ports/service.ts";
import { assertScript, deleteJob } from "../operations/jobs.ts";
import type { Glue } from "../state.ts";

const Count = z.coerce.number();

const Properties = z.looseObject({
  Name: z.string().optional(),
  Role: z.string(),
  Command: z.looseObject({
    Name: z.string().optional(),
    ScriptLocation: z.string().optional(),
    localAsset: z.string().optional(),
  }),
  DefaultArguments: z.record(z.string(), z.coerce.string()).optional(),
  NonOverridableArguments: z.record(z.string(), z.coerce.string()).optional(),
  ExecutionProperty: z.object({ MaxConcurrentRuns: Count.optional() }).optional(),
  MaxRetries: Count.optional(),
  Timeout: Count.optional(),
  MaxCapacity: Count.optional(),
  NumberOfWorkers: Count.optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});

export function jobProvisioner(glue: Glue): Provisioner {
  return {
    type: "AWS::Glue::Job",
    async apply({ stackName, logicalId, properties }) {
      const { Command, ...wanted } = Properties.parse(properties);
      const { localAsset: localScript, ...command } = Command;
      const name = wanted.Name ?? physicalName(stackName, logicalId, 255);
      const request = { ...wanted, Command: command, Name: name } as CreateJobRequest; // its form is the API's
      assertScript(request);
      const now = glue.deps.clock.now();
      const before = glue.jobs.get(name) ?? { createdAt: now, modifiedAt: now };
      const after = { ...before, request, localScript };
      if (JSON.stringify(before) !== JSON.stringify(after)) glue.jobs.put(name, { ...after, modifiedAt: now });
      await glue.deps.store.commit();
      return { ref: name, attributes: {} };
    },
    async remove(name) {
      await deleteJob(glue, { JobName: name });
    },
  };
}
