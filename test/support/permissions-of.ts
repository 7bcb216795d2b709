/** Permissions of a template's text: who has one, and the template without it, for tests of what then fails. */
interface Statement {
  readonly Action: string | readonly string[];
  readonly Principal?: unknown;
}

export interface PolicyResource {
  readonly Type: string;
  readonly Properties: { readonly PolicyDocument?: { Statement: Statement[] } };
}

export const policyResources = (text: string): Record<string, PolicyResource> =>
  (JSON.parse(text) as { Resources: Record<string, PolicyResource> }).Resources;

export const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();

/** The template with `action` taken out of every statement of the policies named so, and of statements that had no other. */
export const without = (action: string, named: RegExp) => (text: string) => {
  const template = JSON.parse(text) as { Resources: Record<string, PolicyResource> };
  for (const [name, { Properties }] of Object.entries(template.Resources)) {
    if (!Properties.PolicyDocument || !named.test(name)) continue;
    const kept = Properties.PolicyDocument.Statement.map((statement) => ({
      ...statement,
      Action: actionsOf(statement).filter((other) => other !== action),
    }));
    Properties.PolicyDocument.Statement = kept.filter((statement) => statement.Action.length > 0);
  }
  return JSON.stringify(template);
};
