/** Template resources: made once, the same ever after, refused when they would have to change. */
import { describe, expect, it } from "@jest/globals";
import { arn, groupArn, itemsSchema, personalizeForTest } from "../../support/personalize.ts";

const stack = { stackName: "Shop", physicalId: undefined };

function provisioner(personalize: ReturnType<typeof personalizeForTest>, type: string) {
  const found = personalize.provisioners.find((candidate) => candidate.type === `AWS::Personalize::${type}`);
  if (!found) throw new Error(type);
  return found;
}

describe("provisioners", () => {
  it("make a group, a schema, a dataset and a solution, each ACTIVE when done", async () => {
    const personalize = personalizeForTest();
    const apply = (type: string, properties: Record<string, unknown>) =>
      provisioner(personalize, type).apply({ ...stack, logicalId: type, properties });

    const group = await apply("DatasetGroup", { Name: "shop" });
    const schema = await apply("Schema", { Name: "items", Schema: itemsSchema });
    const dataset = await apply("Dataset", {
      Name: "i",
      SchemaArn: schema.ref,
      DatasetGroupArn: group.ref,
      DatasetType: "Items",
    });
    const solution = await apply("Solution", {
      Name: "next",
      DatasetGroupArn: group.ref,
      RecipeArn: "arn:aws:personalize:::recipe/aws-hrnn",
      SolutionConfig: { AlgorithmHyperParameters: { hidden_dimension: "64" } },
    });

    expect(group).toEqual({ ref: groupArn, attributes: { DatasetGroupArn: groupArn } });
    expect(dataset.ref).toBe(arn("dataset/shop/ITEMS"));
    const described = await personalize.call("DescribeSolution", { solutionArn: solution.ref });
    expect(described.solution).toMatchObject({
      status: "ACTIVE",
      solutionConfig: { algorithmHyperParameters: { hidden_dimension: "64" } },
    });
  });

  it("change nothing when applied again, and refuse what cannot change", async () => {
    const personalize = personalizeForTest();
    const { apply } = provisioner(personalize, "Schema");
    const request = { ...stack, logicalId: "S", properties: { Name: "items", Schema: itemsSchema } };
    const { ref } = await apply(request);

    const again = await apply({ ...request, physicalId: ref });
    const changed = apply({
      ...request,
      physicalId: ref,
      properties: { ...request.properties, Schema: `${itemsSchema} ` },
    });
    const renamed = apply({ ...request, physicalId: ref, properties: { ...request.properties, Name: "other" } });

    expect(again.ref).toBe(ref);
    await expect(changed).rejects.toThrow("another schema, which cannot be changed");
    await expect(renamed).rejects.toThrow("cannot become");
  });

  it("refuse properties that would be without effect", async () => {
    const { apply } = provisioner(personalizeForTest(), "Dataset");

    await expect(apply({ ...stack, logicalId: "D", properties: { DatasetImportJob: {} } })).rejects.toThrow(
      "has the property DatasetImportJob",
    );
  });

  it("remove what they made, and are content when it is gone already", async () => {
    const personalize = personalizeForTest();
    const { apply, remove } = provisioner(personalize, "DatasetGroup");
    const { ref } = await apply({ ...stack, logicalId: "G", properties: {} });

    await remove(ref);
    await remove(ref);

    expect((await personalize.call("ListDatasetGroups")).datasetGroups).toEqual([]);
  });
});
