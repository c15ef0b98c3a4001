// `npm run jest -- packages/core` runs a part; *.parts.test.ts need real programs.
const swc = {
  jsc: { parser: { syntax: "typescript" }, target: "es2023" },
  module: { type: "es6" },
  sourceMaps: "inline",
};

export default {
  rootDir: import.meta.dirname,
  roots: ["packages", "actions", "scripts", "test", "demo", "bench"].map((room) => `<rootDir>/${room}`),
  testMatch: process.env.DEPLOY_PARTS ? ["**/*.parts.test.ts"] : ["**/*.test.ts", "!**/*.parts.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/demo/.work/"],
  modulePathIgnorePatterns: ["/demo/.work/"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": ["@swc/jest", swc] },
  testEnvironmentOptions: { customExportConditions: ["node", "import", "default"] },
  testSequencer: "<rootDir>/scripts/lib/longestFirst.mjs",
  injectGlobals: false,
  // It ends a hang. A slow machine is no failure, so no test asks for less.
  testTimeout: 300_000,
  testEnvironment: "<rootDir>/scripts/lib/openHandles.mjs",
};
