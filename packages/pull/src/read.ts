import type { Delta, Parcel, Pointed, Pointer } from "./pointer.ts";
import { writePointer } from "./write.ts";

/**
 * The pointer that `writePointer` wrote as this; undefined for any other text. There is one way to write each, so that what is read here
 * and by sh on machines cannot differ: a key twice, another order or an unknown word is no pointer.
 */
export function readPointer(text: string): Pointer | undefined {
  try {
    const pointer = pointerOf(text.split("\n"));
    return writePointer(pointer) === text ? pointer : undefined;
  } catch {
    return undefined;
  }
}

function pointerOf(lines: readonly string[]): Pointer {
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const first = (key: string) => all(key)[0];
  const at = first("activate-at");
  return {
    app: first("app") ?? "",
    environment: first("environment") ?? "",
    serial: Number(first("serial")),
    issued: Number(first("issued")),
    expires: Number(first("expires")),
    live: pointedOf(first("live") ?? "", all("live-from")),
    activateAt: at === undefined ? undefined : Number(at),
    next: first("next") === undefined ? undefined : pointedOf(first("next") ?? "", all("next-from")),
    keep: Number(first("keep")),
    directories: all("directory"),
    files: all("file"),
    prepare: all("prepare"),
    afterSwitch: all("after-switch"),
    health: healthOf(first("health")),
  };
}

function pointedOf(line: string, from: readonly string[]): Pointed {
  const [release = "", manifest = "", files, mtime, commit = "", ...parcel] = line.split(" ");
  const numbers = { files: Number(files), mtime: Number(mtime) };
  return {
    release,
    manifest,
    ...numbers,
    commit,
    parcel: parcelOf(parcel),
    deltas: from.map((delta) => deltaOf(delta.split(" "))),
  };
}

function deltaOf([from = "", ...parcel]: readonly string[]): Delta {
  return { from, ...parcelOf(parcel) };
}

/** What the words are is `writePointer`'s to check. */
function parcelOf([sha256 = "", bytes, encoding]: readonly string[]): Parcel {
  return { sha256, bytes: Number(bytes), encoding: encoding as Parcel["encoding"] };
}

function healthOf(line: string | undefined): Pointer["health"] {
  if (line === undefined) return undefined;
  const [tries, url = ""] = line.split(" ");
  return { tries: Number(tries), url };
}
