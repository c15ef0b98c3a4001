import type { Finding } from "../file/finding.ts";
import { list, text } from "../values/leaves.ts";
import { isPlain, show } from "../values/text.ts";

export const repositoryPhrase =
  "https://host/path, ssh://user@host/path or user@host:path, without a password, which hosts can fetch from";

const plain = /^[A-Za-z0-9._~/:@%+[\]-]{1,2000}$/;
const url =
  /^(https?|ssh):\/\/([A-Za-z0-9._-]+@)?([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9a-fA-F:]+\])(:\d{1,5})?\/./;
/** As ssh has it; `ext::sh` and its like are commands to git. */
const short = /^([A-Za-z0-9][A-Za-z0-9._-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!\/\/)[A-Za-z0-9._~/]/;

const isRepository = (value: string): boolean =>
  plain.test(value) && (value.includes("://") ? url.test(value) : short.test(value) && !value.includes("::"));

export const repository = () => text(repositoryPhrase, (value) => (isRepository(value) ? value : undefined));

/** The same line may stand in a known_hosts file. */
export const gitHostKeys = () =>
  list(
    text("a line of a known_hosts file, as `ssh-keyscan` prints it", (value) =>
      /^[^\s#@]\S* (ssh|ecdsa|sk)-\S+ AAAA[A-Za-z0-9+/]+=*(\s.*)?$/.test(value) &&
      isPlain(value) &&
      value.length <= 4000
        ? value
        : undefined,
    ),
    "lines of a known_hosts file",
  );

/** Where hosts fetch from, and how they know that it is that server. */
export function checkRepository(
  given: Readonly<Record<string, unknown>>,
  { complete, overruled }: { readonly complete: boolean; readonly overruled: boolean },
): readonly Finding[] {
  const { method, repository, "host-keys": known } = given;
  if (method !== "git") return overruled ? [] : idle(given);
  if (repository === undefined) return complete ? [missing(`expected ${repositoryPhrase}, got nothing`)] : [];
  if (typeof repository !== "string" || /^https?:/.test(repository) || known !== undefined) return [];
  return complete ? [missing("expected `host-keys` of that server beside it, got nothing", scan)] : [];
}

const scan =
  "`ssh-keyscan` prints them; compare their fingerprints with those that the server's owner publishes.";

function missing(message: string, hint?: string): Finding {
  const path = ["upload", "repository"];
  return { path, at: "key", code: "config-missing", message, ...(hint === undefined ? {} : { hint }) };
}

function idle({ method, ...given }: Readonly<Record<string, unknown>>): readonly Finding[] {
  return ["repository", "host-keys"]
    .filter((key) => given[key] !== undefined)
    .map((key) => ({
      ...{ path: ["upload", key], at: "key" as const, code: "config-conflict" as const },
      message: `expected method: git beside it, got ${show(method ?? "artifact")}`,
      hint: "No other method fetches a commit.",
    }));
}
