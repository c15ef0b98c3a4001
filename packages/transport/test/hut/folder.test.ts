import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentRoot, folderFiles, hutContract } from "@deploy/testkit";
import { HutTransport } from "../../src/hut/transport.ts";

const host = { name: "web1", address: "127.0.0.1", port: 22, username: "u", roles: [] };

const kinds = {
  "with hard links": {},
  "that replaces": { hardLinks: false },
  "that neither replaces nor links": { hardLinks: false, replace: false, atOnce: 1 },
};

for (const [name, can] of Object.entries(kinds))
  hutContract(
    `a folder ${name}`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "hut-"));
      return {
        folder,
        connect: async () => new HutTransport(host, folderFiles(folder, { can }), { documentRoot }),
        dispose: async () => rmSync(folder, { recursive: true }),
      };
    },
    { wire: false },
  );
