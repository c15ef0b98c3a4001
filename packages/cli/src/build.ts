import { runBuild } from "@deploy/artifact";
import type { Checkout } from "@deploy/session";
import { type Io, signalOf } from "./io.ts";
import { readLines } from "./lines.ts";
import type { Screen } from "./screen.ts";

/** Lets `work` run commands in the working folder, and shows what they say. */
export async function inCheckout<T>(
  { io, screen }: { readonly io: Io; readonly screen: Screen },
  work: (checkout: Checkout) => Promise<T>,
): Promise<T> {
  // None of them is anything a build tool, or a dependency it runs, should see.
  const {
    DEPLOY_SSH_PASSPHRASE: _passphrase,
    DEPLOY_FTP_PASSWORD: _ftp,
    DEPLOY_GIT_KEY: _key,
    DEPLOY_GIT_TOKEN: _token,
    ...env
  } = io.env;
  const reader = readLines((line) => screen.say(screen.paint("dim", `  build | ${line}`)));
  const onWarning = (text: string) => screen.warn(`Warning: ${text}`);
  const onNote = (text: string) => screen.say(text);
  const desk = (io.env.CI ?? "") === "";
  try {
    return await work({
      root: io.cwd,
      env,
      onOutput: reader.add,
      onWarning,
      onNote,
      desk,
      signal: signalOf(io),
    });
  } finally {
    reader.end();
  }
}

/** Runs a command of the config here. Throws `build-failed`. */
export function build(run: string, context: { readonly io: Io; readonly screen: Screen }): Promise<void> {
  return inCheckout(context, (checkout) => runBuild({ ...checkout, commands: [{ run }] }));
}
