import type { Contents, FingerprintOptions } from "../types.ts";
import { type Digest, digestContents, digestOf, sha256 } from "./digest.ts";
import type { Draft } from "./draft.ts";
import type { Edit } from "./edit.ts";
import { components } from "./graph.ts";
import type { Kept } from "./keep.ts";
import type { Link } from "./links.ts";
import { fingerprinted } from "./name.ts";
import { inParallel } from "./parallel.ts";
import { byBytes, nameOf } from "./paths.ts";
import { contentDigest, editsOf, type Known, type Rewrite, rewritten } from "./rename.ts";
import { mendMap } from "./sourcemap.ts";

/** A file with its final name and bytes. */
export interface Named {
  readonly draft: Draft;
  readonly path: string;
  readonly contents: Contents;
  readonly digest: Digest;
  readonly immutable: boolean;
  readonly links: readonly Link[];
  /** Beside the same file under a name by its content. */
  readonly copy?: true;
  /** Its source map, ready to be written as `<path>.map`. */
  readonly map?: Uint8Array;
}

export interface Planned {
  readonly drafts: readonly Draft[];
  readonly links: ReadonlyMap<string, readonly Link[]>;
  readonly kept: Kept;
}

/**
 * Names every file by the SHA-256 of its final bytes: a file comes after those it names. Files that name each other
 * in a circle (ES modules do) are named by the bytes of all of them together, with plain names within the circle: a
 * change of one changes all their names, and nothing else does.
 */
export async function nameFiles(
  planned: Planned,
  options: Rewrite & Pick<FingerprintOptions, "signal">,
): Promise<readonly Named[]> {
  const naming = new Naming(planned, options);
  const digests = await copied(planned.drafts, options.signal);
  const nodes = planned.drafts.map((draft) => draft.path).sort(byBytes);
  for (const component of components(nodes, (path) => naming.waitsFor(path))) {
    naming.name(component, digests);
  }
  return nodes.map((path) => naming.finish(path, digests));
}

/** Digests of what has no text: copied files, and bytes we do not read. */
async function copied(drafts: readonly Draft[], signal?: AbortSignal): Promise<ReadonlyMap<string, Digest>> {
  const opaque = drafts.filter((draft) => draft.text === undefined);
  const found = await inParallel(opaque, 4, async (draft) => {
    signal?.throwIfAborted();
    return [draft.path, await digestContents(draft.file.contents)] as const;
  });
  return new Map(found);
}

class Naming {
  readonly #drafts: ReadonlyMap<string, Draft>;
  readonly #planned: Planned;
  readonly #options: Rewrite;
  readonly #names = new Map<string, string>();
  readonly #finished = new Map<string, Named>();

  constructor(planned: Planned, options: Rewrite) {
    this.#planned = planned;
    this.#options = options;
    this.#drafts = new Map(planned.drafts.map((draft) => [draft.path, draft]));
    for (const path of planned.kept.reasons.keys()) this.#names.set(path, path);
  }

  /** The files whose names must be known before this one's bytes are. */
  waitsFor(path: string): readonly string[] {
    if (this.#isFrozen(path)) return [];
    const targets = (this.#planned.links.get(path) ?? []).map((link) => link.target);
    return targets.filter((target) => !this.#planned.kept.reasons.has(target));
  }

  name(component: readonly string[], digests: ReadonlyMap<string, Digest>): void {
    const members = component.filter((path) => !this.#names.has(path)).sort(byBytes);
    const parts = members.map((path) => [path, this.#contentDigest(path, digests)] as const);
    const circle = members.length > 1 || members.some((path) => this.waitsFor(path).includes(path));
    const together = sha256(JSON.stringify(parts));
    for (const [path, digest] of parts)
      this.#names.set(path, fingerprinted(path, circle ? together : digest));
  }

  /** Once all have names. Documents tell of the final bytes of others (`integrity`), which are finished for them. */
  finish(path: string, digests: ReadonlyMap<string, Digest>): Named {
    const known = this.#finished.get(path);
    if (known !== undefined) return known;
    const draft = this.#draft(path);
    const edits = this.#edits(draft, (target) => {
      return this.#draft(target).language === "html"
        ? undefined
        : this.finish(target, digests).digest.integrity;
    });
    const finished = this.#named(draft, edits, digests);
    this.#finished.set(path, finished);
    return finished;
  }

  #named(draft: Draft, edits: readonly Edit[], digests: ReadonlyMap<string, Digest>): Named {
    const { path } = draft;
    const { reasons, hashed } = this.#planned.kept;
    const name = this.#names.get(path) ?? path;
    const bytes = this.#isFrozen(path) ? undefined : rewritten(draft, edits);
    const contents: Contents = bytes === undefined ? draft.file.contents : { kind: "bytes", bytes };
    const digest = bytes === undefined ? digests.get(path) : digestOf(bytes);
    return {
      draft,
      path: name,
      contents,
      digest: digest ?? digestOf(draft.text === undefined ? new Uint8Array() : this.#original(draft)),
      immutable: !reasons.has(path) || hashed.has(path),
      links: this.#planned.links.get(path) ?? [],
      ...this.#map(draft, name, edits),
    };
  }

  #map(draft: Draft, name: string, edits: readonly Edit[]): { map?: Uint8Array } {
    if (draft.map === undefined || this.#options.sourceMaps === "none") return {};
    if (this.#isFrozen(draft.path)) return { map: draft.map };
    return { map: mendMap(draft.map, nameOf(name), draft.text?.text ?? "", edits) };
  }

  #contentDigest(path: string, digests: ReadonlyMap<string, Digest>): string {
    const draft = this.#draft(path);
    const bytes = rewritten(draft, this.#edits(draft));
    return bytes === undefined
      ? (digests.get(path)?.sha256 ?? "")
      : contentDigest(draft, bytes, this.#options);
  }

  #edits(draft: Draft, integrityOf: Known["integrityOf"] = () => undefined): readonly Edit[] {
    const links = this.#planned.links.get(draft.path) ?? [];
    const nameFor = (path: string) => this.#names.get(path) ?? path;
    return editsOf(draft, links, { nameFor, integrityOf }, this.#options);
  }

  #original(draft: Draft): Uint8Array {
    return rewritten(draft, []) ?? new Uint8Array();
  }

  #isFrozen(path: string): boolean {
    return this.#planned.kept.reasons.get(path) === "frozen";
  }

  #draft(path: string): Draft {
    const draft = this.#drafts.get(path);
    if (draft === undefined) throw new Error(`No file ${path}`);
    return draft;
  }
}
