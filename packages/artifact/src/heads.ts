import { isLfsPointer } from "@deploy/core";
import { credentialIn, published } from "./credentials.ts";
import type { Heads } from "./lost.ts";

/** Looks at the first bytes of every file while it is hashed, so that none is read for it. */
export class HeadReader implements Heads {
  readonly scripts: string[] = [];
  readonly copiedLinks: string[] = [];
  /** Path -> what it holds. */
  readonly credentials = new Map<string, string>();
  /** Paths of what Git LFS left in the place of files. */
  readonly pointers: string[] = [];
  manifest = "";

  /** `head`: the first 256 KiB, or all of it. */
  look(path: string, head: Uint8Array): void {
    const what = credentialIn(path, head);
    if (what !== undefined) this.credentials.set(path, what);
    if (isLfsPointer(head) && !published.test(path)) this.pointers.push(path);
    if (path === "package.json") this.manifest = Buffer.from(head).toString();
    if (head[0] !== 0x23 || head[1] !== 0x21) return;
    this.scripts.push(path);
    const line = Buffer.from(head.subarray(0, 64)).toString("latin1");
    // pnpm's are scripts of sh.
    if (/^node_modules\/\.bin\/[^/]+$/.test(path) && /^#!.*\bnode\b/.test(line)) this.copiedLinks.push(path);
  }
}
