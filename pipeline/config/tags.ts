/** Labels for bills and for whoever asks whose a resource is, in the form that every service of the stack accepts. */
import * as z from "zod";

/** Personalize's pattern, which is the narrowest: letters, digits, spaces and these signs. */
const text = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const Key = z
  .string()
  .min(1)
  .max(128)
  .regex(text, "letters, digits, spaces and _ . : / = + - @ only")
  .refine((key) => !/^aws:/i.test(key), '"aws:" is reserved by AWS');
const Value = z.string().max(256).regex(text, "letters, digits, spaces and _ . : / = + - @ only");

/** AWS takes fifty a resource; CDK and CloudFormation add none of their own. */
export const Tags = z
  .record(Key, Value)
  .refine((tags) => Object.keys(tags).length <= 50, "AWS takes at most 50 tags a resource");
export type Tags = z.infer<typeof Tags>;

/** As Personalize's Create calls take them. */
export const TagList = z.array(z.object({ tagKey: z.string(), tagValue: z.string() }));
export type TagList = z.infer<typeof TagList>;

/** Of several sets of tags, the later ones win. */
export const tagList = (...sets: readonly Tags[]): TagList =>
  Object.entries(Object.assign({}, ...sets) as Tags).map(([tagKey, tagValue]) => ({ tagKey, tagValue }));
