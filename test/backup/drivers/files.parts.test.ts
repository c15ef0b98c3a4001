import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { driverContract, hostTree } from "@deploy/testkit";

const paths = ["up loads", "data/-x"];

driverContract("files", [], async ({ host }) => {
  const folder = join(host.files, "data");
  const name = join(folder, "it's shared");
  const of = (base: string, ...below: string[]) => ({ kind: "files", base, paths: below }) as const;
  for (const path of ["up loads/deep/deeper", "data/-x/empty"])
    mkdirSync(join(name, path), { recursive: true });
  writeFileSync(join(name, "up loads/-rf"), Buffer.from([0, 255, 10, 0]), { mode: 0o640 });
  writeFileSync(join(name, "up loads/deep/deeper/naïve 😀\nline"), "it's".repeat(10_000));
  writeFileSync(join(name, "data/-x/none"), "");
  symlinkSync("deep", join(name, "up loads/link"));
  symlinkSync(join(name, "up loads"), join(folder, "alias"));
  return {
    ...{ source: of(name, ...paths), name, beside: join(folder, "beside"), other: of(name, "data/-x") },
    look: async (path) => JSON.stringify(paths.map((each) => hostTree(join(path, each)))),
    names: async () => [folder, name].flatMap((each) => readdirSync(each)).sort(),
    spoil: async () => writeFileSync(join(name, "up loads/-rf"), "bad"),
    drop: async (path) => rmSync(path, { recursive: true }),
    async byHand(dump) {
      mkdirSync(name);
      execFileSync("tar", ["-xpf", dump, "-C", name]);
    },
    refused: { "no such folder": of(name, "nowhere"), "a link": of(folder, "alias") },
    tools: [["tar"], ["find"]],
    dumper: { program: "tar", args: "*-cf*" },
  };
});
