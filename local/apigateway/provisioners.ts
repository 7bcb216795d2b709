/** HTTP APIs in templates: AWS::ApiGatewayV2::Api, ::Stage, ::Integration, ::Route. */
import * as z from "zod";
import { physicalName } from "../cloud/ports/physical-name.ts";
import type { Provisioner } from "../cloud/ports/service.ts";
import { type ApiGateway, apiUrl } from "./state.ts";

/** What AWS draws at random: ten letters and digits, here the same for the same resource always. */
const idOf = (stackName: string, logicalId: string): string =>
  physicalName(stackName, logicalId).slice(-12).toLowerCase().slice(0, 10);

const ApiProperties = z.looseObject({ Name: z.string(), ProtocolType: z.literal("HTTP") });

function api(gateway: ApiGateway): Provisioner {
  return {
    type: "AWS::ApiGatewayV2::Api",
    async apply({ stackName, logicalId, properties }) {
      const { Name: name } = ApiProperties.parse(properties);
      const id = idOf(stackName, logicalId);
      gateway.apis.put(id, { id, name, stages: gateway.apis.get(id)?.stages ?? {} });
      await gateway.deps.store.commit();
      return { ref: id, attributes: { ApiId: id, ApiEndpoint: apiUrl(gateway, id) } };
    },
    async remove(id) {
      gateway.apis.delete(id);
      await gateway.deps.store.commit();
    },
  };
}

const StageProperties = z.looseObject({ ApiId: z.string(), StageName: z.string(), AutoDeploy: z.boolean().optional() });

function stage(gateway: ApiGateway): Provisioner {
  return {
    type: "AWS::ApiGatewayV2::Stage",
    async apply({ properties }) {
      const { ApiId, StageName } = StageProperties.parse(properties);
      const found = gateway.apis.get(ApiId);
      if (found === undefined) throw new Error(`There is no API ${ApiId} for stage ${StageName}`);
      gateway.apis.put(ApiId, { ...found, stages: { ...found.stages, [StageName]: true } });
      await gateway.deps.store.commit();
      return { ref: StageName, physicalId: `${ApiId}/${StageName}`, attributes: {} };
    },
    async remove(physicalId) {
      const [apiId = "", name = ""] = physicalId.split("/");
      const found = gateway.apis.get(apiId);
      if (found === undefined) return;
      const { [name]: _, ...stages } = found.stages;
      gateway.apis.put(apiId, { ...found, stages });
      await gateway.deps.store.commit();
    },
  };
}

const IntegrationProperties = z.looseObject({
  ApiId: z.string(),
  IntegrationType: z.literal("AWS_PROXY"),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal("2.0"),
});

/** A function's ARN, bare or inside API Gateway's own form. */
const functionIn = (uri: string): string => /functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? uri;

function integration(gateway: ApiGateway): Provisioner {
  return {
    type: "AWS::ApiGatewayV2::Integration",
    async apply({ stackName, logicalId, properties }) {
      const { ApiId: apiId, IntegrationUri } = IntegrationProperties.parse(properties);
      const id = idOf(stackName, logicalId);
      gateway.integrations.put(id, { apiId, functionArn: functionIn(IntegrationUri) });
      await gateway.deps.store.commit();
      return { ref: id, attributes: { IntegrationId: id } };
    },
    async remove(id) {
      gateway.integrations.delete(id);
      await gateway.deps.store.commit();
    },
  };
}

const RouteProperties = z.looseObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  AuthorizationType: z.enum(["NONE", "AWS_IAM"]).default("NONE"),
  Target: z.string().regex(/^integrations\//),
});

function route(gateway: ApiGateway): Provisioner {
  return {
    type: "AWS::ApiGatewayV2::Route",
    async apply({ stackName, logicalId, properties }) {
      const { ApiId: apiId, RouteKey: key, AuthorizationType, Target } = RouteProperties.parse(properties);
      const id = idOf(stackName, logicalId);
      const integrationId = Target.slice("integrations/".length);
      gateway.routes.put(id, { apiId, key, authorization: AuthorizationType, integrationId });
      await gateway.deps.store.commit();
      return { ref: id, attributes: { RouteId: id } };
    },
    async remove(id) {
      gateway.routes.delete(id);
      await gateway.deps.store.commit();
    },
  };
}

export const apiGatewayProvisioners = (gateway: ApiGateway): Provisioner[] => [
  api(gateway),
  stage(gateway),
  integration(gateway),
  route(gateway),
];
