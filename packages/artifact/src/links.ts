import type { Problem } from "@deploy/core";
import { refuse } from "./refusals.ts";
import type { Entry } from "./types.ts";

/** As many links in a row as Linux follows. */
const mostLinks = 40;

/** Links that leave the tree, by any path through other links; dangling ones inside it are fine (shared/ may fill them). */
export function checkLinks(entries: readonly Pick<Entry, "type" | "path">[]): readonly Problem[] {
  const known = new Map(entries.map((entry) => [entry.path, entry as Entry]));
  return entries.flatMap((entry) => (entry.type === "link" ? checkLink(entry as Link, known) : []));
}

type Link = Extract<Entry, { type: "link" }>;

function checkLink(link: Link, known: ReadonlyMap<string, Entry>): readonly Problem[] {
  const { path, target } = link;
  const refused = (why: string) => [
    refuse("link-refused", path, `The link to "${printable(target)}" ${why}`),
  ];
  if (/\p{Cc}|\\/u.test(target)) return refused("holds a control character or a backslash");
  if (target.startsWith("/")) return refused("is absolute: on a host it would lead elsewhere");
  return leaves(link, known) ? refused("leaves the tree") : [];
}

/** Walks as the kernel would, link by link: a purely textual check is fooled by `up/../..` where `up` is a link. */
function leaves(link: Link, known: ReadonlyMap<string, Entry>): boolean {
  const here = link.path.split("/").slice(0, -1);
  const todo = link.target.split("/");
  for (let followed = 0; todo.length > 0; ) {
    const part = todo.shift();
    if (part === undefined || part === "" || part === ".") continue;
    if (part === "..") {
      if (here.length === 0 || known.get(here.join("/"))?.type !== "directory") return true;
      here.pop();
      continue;
    }
    const found = known.get([...here, part].join("/"));
    if (found?.type !== "link") {
      here.push(part);
      continue;
    }
    if (found.target.startsWith("/") || ++followed > mostLinks) return true;
    todo.unshift(...found.target.split("/"));
  }
  return false;
}

function printable(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
