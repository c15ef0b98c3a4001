import type { Config } from "../config/types.ts";

/** Where the app itself is asked; a web server's own ports are for everybody. */
export function healthPort({ activate: { health } }: Pick<Config, "activate">): number | undefined {
  const port = health === undefined ? 0 : Number(new URL(health.url).port);
  return port > 0 && port !== 80 && port !== 443 ? port : undefined;
}
