import { isLfsPointer } from "@deploy/core";
import { credentialIn, credentialRules, published } from "./credentials.ts";
import type { Heads } from "./lost.ts";
import { sha256 } from "./manifest.ts";

/** Looks at the first bytes of every file while it is hashed, so that none is read for it. */
export class HeadReader implements Heads {
  readonly scripts: string[] = [];
  readonly copiedLinks: string[] = [];
  /** Path -> what it holds. */
  readonly credentials = new Map<string, string>();
  /** Paths of what Git LFS left in the place of files. */
  readonly pointers: string[] = [];
  manifest = "";

  /** `head`: the first 256 KiB, or all of it. Whether there is something to tell of the file. */
  look(path: string, head: Uint8Array): boolean {
    const what = credentialIn(path, head);
    if (what !== undefined) this.credentials.set(path, what);
    const pointer = isLfsPointer(head) && !published.test(path);
    if (pointer) this.pointers.push(path);
    if (path === "package.json") this.manifest = Buffer.from(head).toString();
    const script = head[0] === 0x23 && head[1] === 0x21;
    if (script) this.#lookAtScript(path, head);
    return what !== undefined || pointer || script || path === "package.json";
  }

  #lookAtScript(path: string, head: Uint8Array): void {
    this.scripts.push(path);
    const line = Buffer.from(head.subarray(0, 64)).toString("latin1");
    // pnpm's are scripts of sh.
    if (/^node_modules\/\.bin\/[^/]+$/.test(path) && /^#!.*\bnode\b/.test(line)) this.copiedLinks.push(path);
  }
}

/** What tells of a file is told by this code: a digest of it, so that another version looks anew. */
export function rules(): string {
  return sha256([HeadReader, credentialIn, isLfsPointer, ...credentialRules].map(String).join("\n"));
}
