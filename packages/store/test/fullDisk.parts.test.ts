import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { expect, test } from "@jest/globals";

// Run where a small disk of its own is mounted, which only that process sees.
const script = `
import { readdirSync } from "node:fs";
const { folderStore } = await import(process.argv[1]);
const store = folderStore(process.argv[2]);
const body = async function* () { for (let i = 0; i < 8; i++) yield Buffer.alloc(1 << 18, i); };
await store.put("older", Buffer.alloc(1 << 18), { overwrite: false });
const told = await store.putStream("dump", body(), { overwrite: false }).then(() => "written", (error) => error.problem);
const keys = [];
for await (const { key } of store.list("")) keys.push(key);
console.log(JSON.stringify({ told, keys, left: readdirSync(process.argv[2] + "/.deploy-tmp") }));
`;

// "ip" stands for root and namespaces of its own.
needs("ip")("a full disk", () => {
  test("stops the upload, names path and room, and leaves what was there", () => {
    const disk = mkdtempSync(join(tmpdir(), "store-disk-"));
    try {
      const store = join(import.meta.dirname, "../src/folder/store.ts");
      const node = `"${process.execPath}" --input-type=module -e "$0" "$1" "$2"`;
      const mounted = `mount -t tmpfs -o size=1m none "$2" && ${node}`;
      const printed = execFileSync("unshare", ["-m", "sh", "-c", mounted, script, store, disk], {
        encoding: "utf8",
      });
      expect(JSON.parse(printed)).toEqual({
        told: {
          code: "store-full",
          message: expect.stringMatching(/\/dump could not be written: .* are free in /),
          hint: "Make room at the named path, then run it again.",
          place: { path: join(disk, "dump") },
        },
        keys: ["older"],
        left: [],
      });
    } finally {
      rmSync(disk, { recursive: true, force: true });
    }
  });
});
