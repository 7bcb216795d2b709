/** Rules that the compiler does not check. Formatting is prettier's, structure is test/house's. */
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "dist.*/", "cdk.out/", ".outrank/", "local/kernels/assembly/"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // Operations may answer at once or later; a port's async method need not await.
      "@typescript-eslint/require-await": "off",
      // Our objects of functions have no `this`, and AWS SDK clients are called as methods.
      "@typescript-eslint/unbound-method": "off",
      // Decoded JSON enters as `any` only at borders that are typed on the next line; `no-explicit-any` guards the rest.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  { files: ["bench/**", "examples/**", "lambdas/**/wire.ts", "lambdas/lib/**"], rules: { "no-console": "off" } },
);
