import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeContract } from "@deploy/testkit";
import { folderStore } from "../src/index.ts";

storeContract(
  "a folder",
  async () => {
    const root = await mkdtemp(join(tmpdir(), "store-"));
    return {
      store: folderStore(join(root, "made", "by-it")),
      cleanup: () => rm(root, { recursive: true, force: true }),
    };
  },
  { presigned: "absent" },
);
