import { spawn } from "node:child_process";
import { makeProblem } from "@deploy/core";
import { loadConfig } from "@deploy/session";
import { configOptions } from "../database.ts";
import { Misuse, reading } from "../failure.ts";
import type { Io } from "../io.ts";
import type { BackupsOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** Prints where people see the environment, and opens it where somebody sits before a screen. */
export async function openCommand(options: BackupsOptions, { io, screen }: Context): Promise<number> {
  const { url, environment } = await reading(() =>
    loadConfig({ ...configOptions(options, io), overrides: {} }),
  );
  if (url === undefined)
    throw new Misuse([makeProblem("config-missing", `expected a url for ${environment}, got nothing`)]);
  screen.say(url);
  screen.answer({ schema: 1, exitCode: 0, url });
  if (io.terminal !== undefined && !screen.json) show(url, io);
  return 0;
}

/** What opens an address on this system; none there is no failure: the address was printed. */
function show(url: string, { env }: Io): void {
  const mac = process.platform === "darwin";
  if (!mac && env.DISPLAY === undefined && env.WAYLAND_DISPLAY === undefined) return;
  const child = spawn(mac ? "open" : "xdg-open", [url], { env: { ...env }, stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
