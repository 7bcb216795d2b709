/** Where the runs tell other systems what became of them. */
import * as z from "zod";

export const Events = z.strictObject({
  bus: z
    .string()
    .max(256)
    .regex(/^[A-Za-z0-9._-]+$/, "letters, digits, dots, hyphens and underscores")
    .refine((name) => name !== "default", '"default" is the account\'s own bus and exists already')
    .optional()
    .describe("name of the stack's EventBridge bus; default: the project's name"),
});
export type Events = z.infer<typeof Events>;

/** Every account has a bus called "default"; a project may be called so and then needs another one. */
export const busNameOf = (project: string, { bus }: Events): string =>
  bus ?? (project === "default" ? "outrank-default" : project);
