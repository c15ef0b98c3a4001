import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostTree } from "../tree.ts";
import { documentRoot, type Site } from "./deploy.ts";
import type { HutSubject } from "./subject.ts";

export const first: Site = {
  "index.html": '<link href="/app-1.css">one',
  "app-1.css": "one",
  "about/index.php": "<?php include 'lib.php';",
  "about/lib.php": "<?php 1;",
  "same.txt": "stays",
  "run.sh": "#!/bin/sh\n",
  "old/gone.txt": "goes",
  empty: "",
  empty2: "",
};

const { "app-1.css": _, "old/gone.txt": __, ...kept } = first;

export const second: Site = {
  ...kept,
  "index.html": '<link href="/app-2.css">two',
  "app-2.css": "two",
  "about/lib.php": "<?php 2;",
  "new/deep/er.txt": "comes",
};

/** Files of the document root, without what names the release. */
export function siteOf(subject: Pick<HutSubject, "folder">): Site {
  const root = join(subject.folder, documentRoot);
  const files = existsSync(root) ? hostTree(root).filter(({ type }) => type === "file") : [];
  const texts = files.map(({ path }) => [path, readFileSync(join(root, path), "utf8")] as const);
  return Object.fromEntries(texts.filter(([path]) => path !== "RELEASE" && path !== "REVISION"));
}

export function put(subject: Pick<HutSubject, "folder">, path: string, text: string): void {
  const place = join(subject.folder, documentRoot, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  // As the login would have put it there, through whatever.
  const { uid } = statSync(subject.folder);
  for (let at = place; at !== subject.folder; at = dirname(at)) chownSync(at, uid, uid);
}

/** Style sheets that the page names and that are not there. */
export function brokenIn({ folder }: Pick<HutSubject, "folder">): readonly string[] {
  const root = join(folder, documentRoot);
  if (!existsSync(join(root, "index.html"))) return [];
  const page = readFileSync(join(root, "index.html"), "utf8");
  const named = [...page.matchAll(/href="\/([^"]+)"/g)].map(([, path = ""]) => path);
  return named.filter((path) => !existsSync(join(root, path)));
}
