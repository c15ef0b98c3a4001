import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface RenderOptions {
  /** `owner/name`: whom explicit references name. */
  readonly repository: string;
  /** Tag or branch of explicit references. */
  readonly ref: string;
  /** `$/activate` (GitHub resolves it to the running commit), or `owner/name/activate@ref`. */
  readonly self: "dollar" | "explicit";
  /** Folder that becomes the release tree, absolute. */
  readonly out: string;
}

export const usage = "npm run render -- --repository org/deploy --ref v1 --self dollar|explicit --out DIR";

/** Reads the command line of render; throws one sentence about what is wrong with it. Relative to `cwd`. */
export function parseRenderOptions(args: readonly string[], cwd: string): RenderOptions {
  const option = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { repository: option, ref: option, self: option, out: option },
  });
  const { repository = "", ref = "", out = "" } = values;
  const self = (["dollar", "explicit"] as const).find((form) => form === values.self);
  if (self === undefined) throw new Error(`--self: expected dollar or explicit, got "${values.self ?? ""}"`);
  if (out === "") throw new Error("--out: expected a folder, got nothing");
  const options = { repository, ref, self, out: resolve(cwd, out) };
  checkReference(options);
  return options;
}

/** Both become text of a workflow file, so both must be what GitHub allows, and nothing else. */
export function checkReference({ repository, ref }: Pick<RenderOptions, "repository" | "ref">): void {
  const [owner = "", name = "", ...rest] = repository.split("/");
  const isOwner = /^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}$/.test(owner);
  const isName = /^[A-Za-z0-9._-]{1,100}$/.test(name) && !/^\.{1,2}$/.test(name);
  if (!isOwner || !isName || rest.length > 0) {
    throw new Error(`--repository: expected owner/name, got ${JSON.stringify(repository)}`);
  }
  const isRef = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/.test(ref);
  if (!isRef || /\.\.|\/\/|\/\.|[./]$|\.lock(\/|$)/.test(ref)) {
    throw new Error(`--ref: expected a tag or a branch, got ${JSON.stringify(ref)}`);
  }
}
