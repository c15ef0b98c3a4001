import { runBuild } from "@deploy/artifact";
import { type Io, signalOf } from "./io.ts";
import { readLines } from "./lines.ts";
import type { Screen } from "./screen.ts";

/** Runs the config's `build` commands here, one after the other, and shows what they say. */
export async function build(commands: readonly string[], io: Io, screen: Screen): Promise<void> {
  // The key's passphrase is nothing a build tool, or a dependency it runs, should see.
  const { DEPLOY_SSH_PASSPHRASE: _passphrase, ...env } = io.env;
  const reader = readLines((line) => screen.say(screen.paint("dim", `  build | ${line}`)));
  try {
    await runBuild({ commands, cwd: io.cwd, env, onOutput: reader.add, signal: signalOf(io) });
  } finally {
    reader.end();
  }
}
