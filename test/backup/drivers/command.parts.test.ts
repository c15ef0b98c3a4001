import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "@deploy/remote";
import { driverContract } from "@deploy/testkit";

driverContract("command", [], async ({ host }) => {
  const directory = join(host.files, "it's any tool");
  const [name, at] = ["it's data", (file: string) => join(directory, file)];
  const bytes = Buffer.concat(
    Array.from({ length: 10_000 }, (_, n) => Buffer.from([n % 256, 0, 10, 255, 39])),
  );
  mkdirSync(directory);
  writeFileSync(at(name), bytes);
  const source: Source = {
    ...{ kind: "command", directory, run: `tail -c +1 "${name}"` },
    ...{ verify: `test "$(wc -c)" -eq ${bytes.length}`, restore: 'cat >"$DEPLOY_RESTORE_INTO"' },
  };
  return {
    ...{ source, name, beside: "it's back" },
    look: async (file) => readFileSync(at(file), "latin1"),
    names: async () => readdirSync(directory).sort(),
    spoil: async () => writeFileSync(at(name), "bad"),
    drop: async (file) => rmSync(at(file)),
    byHand: async (dump) => copyFileSync(dump, at(name)),
    refused: {
      "no such folder": { ...source, directory: at("nowhere") },
      "nothing and exit 0": { ...source, run: "true", verify: "true" },
    },
    tools: [],
    dumper: { program: "tail", args: "*+1*" },
  };
});
