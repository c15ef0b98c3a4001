// Makes the release tree: what a tag of this project holds, and what the tests run.
import { parseRenderOptions, usage } from "./render/options.ts";
import { render } from "./render/render.ts";

try {
  const options = parseRenderOptions(process.argv.slice(2), process.cwd());
  console.log(`rendered ${render(options)} files into ${options.out}`);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\nusage: ${usage}`);
  process.exit(2);
}
