/** asl-validator ships no types; this is the part that tests use. */
declare module "asl-validator" {
  function validate(definition: unknown): { isValid: boolean; errors: unknown[] };
  export default validate;
}
