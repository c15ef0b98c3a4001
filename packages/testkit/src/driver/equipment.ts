import { existsSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Transport } from "@deploy/transport";

export interface Equipment {
  /** Programs that are not installed. */
  readonly without?: readonly string[];
  /** Programs that are others: text for sh, in which `$real` is the one of this name. */
  readonly programs?: Readonly<Record<string, string>>;
}

const folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

/** A transport whose commands find every program of this machine but those: in a folder below `parent`, which the host sees. */
export function equip(transport: Transport, parent: string, equipment: Equipment): Transport {
  const path = programsIn(mkdtempSync(join(parent, "bin-")), equipment);
  const exec: Transport["exec"] = (command, options) =>
    transport.exec({ ...command, script: `PATH='${path}'\n${command.script}` }, options);
  return { host: transport.host, exec, http: transport.http, close: async () => {} };
}

function programsIn(path: string, { without = [], programs = {} }: Equipment): string {
  const realOf = new Map<string, string>();
  for (const folder of folders.filter((each) => existsSync(each)))
    for (const name of readdirSync(folder)) if (!realOf.has(name)) realOf.set(name, join(folder, name));
  for (const name of without) realOf.delete(name);
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(path, name), `#!/bin/sh\nreal=${realOf.get(name)}\n${text}\n`, { mode: 0o755 });
    realOf.delete(name);
  }
  for (const [name, real] of realOf) symlinkSync(real, join(path, name));
  return path;
}
