import { chmodSync, existsSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestHost } from "./host.ts";

/** Puts a script in the place of a program of this host; `$real` runs the program itself. */
export function standIn(host: TestHost, tool: string, script: readonly string[]): void {
  const path = join(host.home, ".bin", tool);
  const found = [path, `/usr/bin/${tool}`, `/bin/${tool}`].find((place) => existsSync(place));
  if (found === undefined) return;
  const program = realpathSync(found);
  const real = program.endsWith("/busybox") ? `${program} ${tool}` : program;
  rmSync(path, { force: true });
  writeFileSync(path, `#!/bin/sh\nreal="${real}"\n${script.join("\n")}\n`);
  chmodSync(path, 0o755);
}
