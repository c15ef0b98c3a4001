// `npm run jest -- packages/core` runs a part; *.parts.test.ts need real programs and run one at a time.
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
  testEnvironmentOptions: { customExportConditions: ["source", "node", "import", "default"] },
  injectGlobals: false,
  testTimeout: 60_000,
  // A handle that a failed test left open must not keep anybody waiting.
  forceExit: true,
};
