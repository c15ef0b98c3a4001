import { byteLength, isPlain } from "./text.ts";

/** NAME_MAX and a safe share of PATH_MAX, in bytes. */
const longestName = 255;
const longestPath = 1024;

/** Folders that belong to the system: never ours to fill. */
const system = words(
  "/bin /boot /dev /etc /home /lib /lib32 /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr " +
    "/usr/bin /usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/local /usr/sbin /usr/share /usr/src " +
    "/var /var/cache /var/lib /var/log /var/mail /var/run /var/spool /var/tmp",
);
/** Folders whose whole contents belong to the system. */
const systemTrees = words(
  "/bin /boot /dev /etc /lib /lib32 /lib64 /proc /sbin /sys /usr/bin /usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/sbin",
);

export const deployToPhrase = "an absolute path below a folder of your own, such as /var/www/shop or ~/shop";
export const sharedPhrase = "a relative path without .. or control characters, such as public/uploads";
export const sourcePhrase = "a folder of the repository, as a relative path without ..";

/** `deploy-to` without trailing slashes, or undefined when it is not a path we may fill. */
export function readDeployTo(text: string): string | undefined {
  const path = text.replace(/\/+$/, "");
  const home = path.startsWith("~/");
  if (!home && !path.startsWith("/")) return undefined;
  if (!isSegments(path.slice(home ? 2 : 1))) return undefined;
  return !home && isSystem(path) ? undefined : path;
}

/** A path below `shared/` without trailing slashes, or undefined. */
export function readShared(text: string): string | undefined {
  const path = text.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  if (path.startsWith("-") || path === "REVISION" || path.startsWith("REVISION/")) return undefined;
  return isSegments(path) ? path : undefined;
}

/** The same for a file: a trailing slash says folder. */
export function readSharedFile(text: string): string | undefined {
  return text.endsWith("/") ? undefined : readShared(text);
}

/** `source` relative to the repository, `.` for all of it, or undefined. */
export function readSource(text: string): string | undefined {
  if (text === "." || text === "./") return ".";
  const path = text.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  return !path.startsWith("-") && isSegments(path) ? path : undefined;
}

/** Whether one path is the other, or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function isSystem(path: string): boolean {
  return system.includes(path) || systemTrees.some((tree) => isWithin(path, tree));
}

function isSegments(path: string): boolean {
  if (!isPlain(path) || path.includes("\\") || byteLength(path) > longestPath) return false;
  return path.split("/").every((name) => {
    return name !== "" && name !== "." && name !== ".." && byteLength(name) <= longestName;
  });
}

function words(text: string): readonly string[] {
  return text.split(" ");
}
