import { reusePath } from "@deploy/remote";

export interface Wanted {
  /** A folder of this machine, absolute; its content is sent. */
  readonly folder: string;
  readonly from: string | null;
  readonly unchanged: "copy" | "link";
}

/**
 * Stands in for ssh. rsync starts it; descriptor 3 leads to us, and outlives rsync's own forks. First what rsync asks
 * for, then its bytes, both ways. Two `cat`s cost 1 ms and a megabyte; a Node of its own for each host costs 50 and 40.
 * A background command reads /dev/null unless it is told otherwise, hence 4. What `cat` says of a broken pipe tells nothing.
 */
const bridge = 'exec 4<&0 2>/dev/null; printf "%s\\0" "$#" "$@" >&3; cat <&4 >&3 & exec cat <&3';

/**
 * The arguments of the runner's rsync. Contents decide what is sent, since equal sizes and times say nothing here (every
 * mtime is the commit's, and the host sets the release's). Times are let alone where files become links: rsync links only what has the same time,
 * and otherwise copies without a word. No owner, no group, no device, no compression: docs/guides/uploads.md.
 */
export function rsyncArguments({ folder, from, unchanged }: Wanted): readonly string[] {
  const linking = from !== null && unchanged === "link";
  return [
    "--recursive",
    "--links",
    "--perms",
    ...(linking ? [] : ["--times"]),
    ...["--checksum", "--delete", "--partial", "--stats", "--no-human-readable"],
    // Else the names of options and folders come inside of the protocol, where the host's script cannot check them.
    "--no-protect-args",
    ...(from === null ? [] : [linking ? "--link-dest" : "--copy-dest", reusePath(from)]),
    `--rsh=sh -c '${bridge}' sh`,
    ...["--", `${folder}/`, "host:./"],
  ];
}

/** What the bridge says first: how many arguments, then each. Undefined: not all of it is here yet. */
export function parseAsked(
  head: Buffer,
): { readonly args: readonly string[]; readonly rest: Buffer } | undefined {
  const parts: string[] = [];
  for (let at = 0; ; ) {
    const end = head.indexOf(0, at);
    if (end < 0) return undefined;
    parts.push(head.toString("utf8", at, end));
    at = end + 1;
    // The first two are the host and the program.
    if (parts.length > Number(parts[0])) return { args: parts.slice(3), rest: head.subarray(at) };
  }
}
