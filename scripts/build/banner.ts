/**
 * What CommonJS code inside an ES module bundle still expects to find: ssh2's WebAssembly
 * and the zstd loaders read these three when they are loaded.
 */
export const banner = `import { createRequire as bundleCreateRequire } from "node:module";
import { fileURLToPath as bundleFileURLToPath } from "node:url";
const __filename = bundleFileURLToPath(import.meta.url);
const __dirname = bundleFileURLToPath(new URL(".", import.meta.url));
const require = bundleCreateRequire(import.meta.url);
`;
