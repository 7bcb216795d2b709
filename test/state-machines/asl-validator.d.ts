/** The part of asl-validator that we use; the package's own types are not exported. */
declare module "asl-validator" {
  export default function validate(definition: object): { isValid: boolean; errors: unknown[] };
}
