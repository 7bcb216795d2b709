/** Whose key locks the data. Without this, AWS's own keys do; nothing is ever stored in the clear. */
import * as z from "zod";

const keyArn = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-zA-Z0-9-]+$/;

export const Encryption = z.strictObject({
  customerKey: z
    .string()
    .refine(
      (value) => value === "create" || keyArn.test(value),
      'neither "create" nor the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID; aliases are not taken)',
    )
    .describe(
      '"create": a key of the stack\'s own, kept when the stack goes; or the ARN of a key whose policy lets the services in (guides/security.md)',
    ),
});
export type Encryption = z.infer<typeof Encryption>;

/** What Personalize needs to lock a dataset group: the key, and the role with which it uses the key. */
export const GroupEncryption = z.object({ kmsKeyArn: z.string(), roleArn: z.string() });
export type GroupEncryption = z.infer<typeof GroupEncryption>;
