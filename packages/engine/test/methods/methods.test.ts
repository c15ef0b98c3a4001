import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Method, Parcel } from "@deploy/core";
import type { RsyncCarrier } from "@deploy/engine";
import { gitServer, repositoryIn } from "@deploy/testkit";
import { openShelf } from "../shelf.ts";
import type { World } from "../world.ts";
import { carrierIn } from "./carrier.ts";
import { type MethodSubject, methodContract } from "./contract.ts";

const usual = { unchanged: "copy", verify: "changed", compression: "auto", atOnce: 64, filter: [] } as const;
const nothing = async (): Promise<void> => undefined;

/** A parcel that another tree was made of. */
async function otherParcel(): Promise<Parcel> {
  return {
    encoding: "none",
    bytes: 1024,
    saved: 0,
    digest: "0".repeat(64),
    async *read() {
      yield new Uint8Array(1024);
    },
  };
}

function otherCarrier(world: World): RsyncCarrier {
  const carry = carrierIn(world);
  return async (options) => {
    const result = await carry(options);
    const home = world.home(options.transport.host.name);
    writeFileSync(join(home, "shop/.deploy/staging", `${options.release}.rsync/index.html`), "new");
    return result;
  };
}

/** A method without its row does not compile. */
const subjects: Readonly<Record<Method, MethodSubject>> = {
  artifact: {
    upload: { ...usual, method: "artifact" },
    open: async (_, damaged) => ({
      means: damaged === true ? { damage: { parcel: otherParcel } } : {},
      close: nothing,
    }),
  },
  rsync: {
    upload: { ...usual, method: "rsync" },
    open: async (world, damaged) => ({
      means: { rsync: damaged === true ? otherCarrier(world) : carrierIn(world) },
      close: nothing,
    }),
  },
  git: {
    upload: { ...usual, method: "git" },
    async open(world, damaged) {
      const root = join(world.home("web1"), "..");
      const { commit } = repositoryIn(root, damaged === true ? "damaged" : "shop");
      const server = await gitServer({ root });
      const repository = `${server.url}/${damaged === true ? "damaged" : "shop"}.git`;
      world.config = { ...world.config, upload: { ...usual, method: "git", repository } };
      return {
        means: { git: {}, ...(damaged === true ? { damage: { parcel: otherParcel } } : {}) },
        commit: () => commit(join(root, "app")),
        close: () => server.close(),
      };
    },
  },
  pull: {
    upload: { ...usual, method: "pull", store: { to: "s3://shop/releases", checksums: "crc32" } },
    async open(_, damaged) {
      const { shelf, close } = await openShelf();
      return { means: { shelf, ...(damaged === true ? { damage: { parcel: otherParcel } } : {}) }, close };
    },
  },
};

for (const [name, subject] of Object.entries(subjects)) methodContract(name as Method, subject);
