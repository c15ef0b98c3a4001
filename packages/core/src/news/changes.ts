import type { Changes } from "./types.ts";

/** What changes from one manifest's text to another's. The live one comes from a host, and is data. */
export function compareManifests(live: string, planned: string): Changes {
  const [before, after] = [readManifest(live), readManifest(planned)];
  const added = [...after.keys()].filter((path) => !before.has(path));
  const changed = [...after].flatMap(([path, what]) => {
    const old = before.get(path);
    return old === undefined || old === what ? [] : [path];
  });
  return {
    added,
    changed,
    removed: [...before.keys()].filter((path) => !after.has(path)),
    files: after.size,
  };
}

/** Files and links by path, with what makes each another: type, mode, size, digest, target. */
function readManifest(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").map((line) => line.split("\t"));
  return new Map(
    lines.flatMap(([type, mode, size, digest, path, target = ""]) =>
      (type === "f" || type === "l") && path !== undefined
        ? [[path, [type, mode, size, digest, target].join("\t")] as const]
        : [],
    ),
  );
}
