import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { RsyncAsked, RsyncCarrier } from "@deploy/engine";
import type { World } from "../world.ts";

/** Stands for rsync: brings the files as packing would leave them. */
export function carrierIn(
  world: World,
  asked: RsyncAsked[] = [],
  fail: (attempt: number) => Error | undefined = () => undefined,
): RsyncCarrier {
  let attempts = 0;
  return async (options) => {
    const error = fail(attempts++);
    if (error !== undefined) throw error;
    asked.push(options);
    const home = world.home(options.transport.host.name);
    const staged = join(home, "shop/.deploy/staging", `${options.release}.rsync`);
    mkdirSync(join(home, "shop/.deploy/staging"), { recursive: true, mode: 0o700 });
    cpSync(join(world.home("web1"), "../app"), staged, { recursive: true });
    options.onBytes(100);
    options.onBytes(4_000);
    return { sent: 4_000, saved: 196_000 };
  };
}
