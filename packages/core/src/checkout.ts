import { DeployError } from "./errors.ts";

/** Bytes: a pointer of Git LFS is never larger (github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
export const largestPointer = 1024;

const pointer =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\r?\n[\s\S]*^oid sha256:[0-9a-f]{64}\r?$/m;

/** Whether these bytes, a whole file, are what Git LFS leaves in the place of a file that was not fetched. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  // `v`: most files are told by their first byte.
  return bytes[0] === 0x76 && bytes.length <= largestPointer && pointer.test(String.fromCharCode(...bytes));
}

/** The paths in a `.gitmodules`, where submodules lie. */
export function submodulesIn(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*path[ \t]*=[ \t]*"?([^"\r\n]+?)"?[ \t]*\r?$/gm)].flatMap(
    ([, path]) => path ?? [],
  );
}

/** What git keeps elsewhere and nobody fetched, as one error that names all of it; undefined: nothing. Paths as people know them. */
export function incompleteCheckout(
  pointers: readonly string[],
  submodules: readonly string[],
): DeployError | undefined {
  const parts = [
    ...(pointers.length === 0 ? [] : [`pointers of Git LFS, not the files: ${pointers.join(", ")}`]),
    ...(submodules.length === 0 ? [] : [`submodules without their files: ${submodules.join(", ")}`]),
  ];
  if (parts.length === 0) return undefined;
  return new DeployError("checkout-incomplete", `The checkout holds ${parts.join("; ")}`);
}
