/** Jest's transformer: TypeScript to CommonJS by esbuild, which the project has anyway. Types are checked by `tsc`. */
const { transformSync } = require("esbuild");
const { createHash } = require("node:crypto");

module.exports = {
  getCacheKey: (source, path) => createHash("sha256").update(`3\0${path}\0${source}`).digest("hex"),
  process: (source, path) => {
    const { code, map } = transformSync(source, {
      loader: path.endsWith(".tsx") ? "tsx" : path.endsWith(".ts") ? "ts" : "js",
      format: "cjs",
      target: "node20",
      sourcefile: path,
      sourcemap: "both",
      define: { "import.meta.dirname": "__dirname" },
    });
    return { code, map };
  },
};
