import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PackedArtifact } from "@deploy/artifact";

/** What is needed of a packed release to have it as a folder. */
export type Unpackable = Pick<PackedArtifact, "artifact" | "unpack">;

export interface UnpackedRoom {
  /** Verified and unpacked once, when it is first asked for. */
  tree(): Promise<string>;
  /** Takes it away; nothing is asked after it. */
  close(): Promise<void>;
}

/** A packed release as a folder below `temp`, in one that is 0700; the tree itself has its own modes. */
export function unpackedRoom({ unpack }: Pick<Unpackable, "unpack">, temp: string): UnpackedRoom {
  let parent: Promise<string> | undefined;
  let tree: Promise<string> | undefined;
  const make = async (): Promise<string> => {
    parent = mkdtemp(join(temp, "deploy-tree-"));
    const folder = join(await parent, "tree");
    await unpack(folder);
    return folder;
  };
  return {
    tree() {
      tree ??= make();
      return tree;
    },
    async close() {
      await tree?.catch(() => undefined);
      const made = await parent?.catch(() => undefined);
      if (made !== undefined) await rm(made, { recursive: true, force: true });
    },
  };
}
