import { gzipSync } from "node:zlib";
import { type Item, textItem } from "../deb/item.ts";
import type { PackageSettings } from "./settings.ts";

/** What Debian Policy wants in every package: who may use it (12.5) and what changed (12.7), and what we were told by lintian and mean. */
export function documents(
  name: string,
  settings: PackageSettings,
  overrides: readonly string[],
): readonly Item[] {
  const { licence, maintainer } = settings;
  const doc = `usr/share/doc/${name}`;
  const copyright =
    licence ?? `Copyright: ${maintainer}\n\nAll rights reserved: no licence was given with the files.\n`;
  const told = overrides.map((tag) => `${name}: ${tag}\n`).join("");
  return [
    textItem(`${doc}/copyright`, copyright.endsWith("\n") ? copyright : `${copyright}\n`),
    textItem(`${doc}/changelog.Debian.gz`, packed(changelog(name, settings))),
    ...(told === "" ? [] : [textItem(`usr/share/lintian/overrides/${name}`, told)]),
  ];
}

function changelog(name: string, { release, maintainer, mtime }: PackageSettings): string {
  const date = new Date(mtime * 1000).toUTCString().replace("GMT", "+0000");
  return `${name} (${release}) stable; urgency=medium\n\n  * Release ${release}.\n\n -- ${maintainer}  ${date}\n`;
}

/** Without time, and with Unix as the system in its tenth byte: the same on every machine. */
function packed(text: string): Buffer {
  const bytes = gzipSync(text, { level: 9 });
  bytes[9] = 3;
  return bytes;
}
