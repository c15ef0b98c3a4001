import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder with all programs of this machine, as the PATH of hosts: what is not in it is not installed there. */
export interface Tools {
  readonly folder: string;
  readonly programs: string;
  remove(name: string): void;
  install(name: string): void;
  /** In its place: a program that fails, or spoils what the real one (`$real`) does. */
  spoil(name: string, script: string): void;
  close(): void;
}

export function openTools(): Tools {
  const folder = mkdtempSync(join(tmpdir(), "tools-"));
  const programs = join(folder, "bin");
  mkdirSync(programs);
  const every = 'IFS=:; for from in $PATH; do ln -s "$from"/* "$0/" 2>/dev/null; done; true';
  spawnSync("sh", ["-c", every, programs]);
  const at = (name: string) => join(programs, name);
  const remove = (name: string) => rmSync(at(name), { force: true });
  const found = (name: string) =>
    spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
  return {
    folder,
    programs,
    remove,
    install(name) {
      remove(name);
      symlinkSync(found(name), at(name));
    },
    spoil(name, script) {
      remove(name);
      writeFileSync(at(name), `#!/bin/sh\nreal=${found(name)}\n${script}\n`, { mode: 0o755 });
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
