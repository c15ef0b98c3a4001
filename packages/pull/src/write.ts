import { DeployError } from "@deploy/core";
import * as grammar from "./grammar.ts";
import type { Parcel, Pointed, Pointer } from "./pointer.ts";

/** The lines that are signed. Throws `argument-refused` for what no machine would read back. */
export function writePointer(pointer: Pointer): string {
  const { live, next, activateAt, health } = pointer;
  const lines = [
    grammar.head,
    line("app", [pointer.app, grammar.name]),
    line("environment", [pointer.environment, grammar.name]),
    line("serial", [pointer.serial, grammar.count]),
    line("issued", [pointer.issued, grammar.count]),
    line("expires", [pointer.expires, grammar.count]),
    ...pointed("live", live),
    ...(activateAt === undefined ? [] : [line("activate-at", [activateAt, grammar.count])]),
    ...(next === undefined ? [] : pointed("next", next)),
    line("keep", [pointer.keep, grammar.count]),
    ...pointer.directories.map((path) => line("directory", [path, grammar.path])),
    ...pointer.files.map((path) => line("file", [path, grammar.path])),
    ...pointer.prepare.map((text) => line("prepare", [text, grammar.command])),
    ...pointer.afterSwitch.map((text) => line("after-switch", [text, grammar.command])),
    ...(health ? [line("health", [health.tries, grammar.count], [health.url, grammar.url])] : []),
  ];
  return `${lines.join("\n")}\n`;
}

type Word = readonly [string | number, RegExp];

function line(key: string, ...words: readonly Word[]): string {
  const bad = words.find(([word, form]) => !form.test(String(word)));
  if (bad === undefined) return [key, ...words.map(([word]) => word)].join(" ");
  throw new DeployError("argument-refused", `A pointer's ${key} cannot be ${JSON.stringify(bad[0])}`);
}

function pointed(key: string, of: Pointed): readonly string[] {
  const own = line(
    key,
    [of.release, grammar.release],
    [of.manifest, grammar.digest],
    [of.files, grammar.count],
    [of.mtime, grammar.count],
    [of.commit, grammar.commit],
    ...parcelWords(of.parcel),
  );
  const deltas = of.deltas.map((delta) =>
    line(`${key}-from`, [delta.from, grammar.release], ...parcelWords(delta)),
  );
  return [own, ...deltas];
}

const parcelWords = (parcel: Parcel): readonly Word[] => [
  [parcel.sha256, grammar.digest],
  [parcel.bytes, grammar.count],
  [parcel.encoding, grammar.encoding],
];
