/** Tests are TypeScript under test/, which mirrors the tree; esbuild turns them into CommonJS. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: { "\\.(ts|tsx|mjs)$": "<rootDir>/test/support/transform.cjs" },
  transformIgnorePatterns: ["/node_modules/"],
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdk.out", "<rootDir>/.outrank"],
  testTimeout: 180_000,
  maxWorkers: 2,
};
