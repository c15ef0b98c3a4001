import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import { excludes } from "./exclude.ts";

interface Kind {
  readonly what: string;
  readonly named: RegExp;
  readonly holds: RegExp;
}

const key = "-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----";

/** Whatever the file is called. */
const beginsWithKey = new RegExp(`^\\s*${key}`);

/** A name alone proves nothing: a .pem may be a certificate, an .npmrc may name a variable. */
const kinds: readonly Kind[] = [
  { what: "a private key", named: /\.(?:pem|key|crt|p8|asc)$/i, holds: new RegExp(`^${key}`, "m") },
  { what: "an age key", named: /\.(?:txt|key|age)$/i, holds: /^AGE-SECRET-KEY-1/m },
  {
    what: "a token of a registry",
    named: /(?:^|\/)\.npmrc$/,
    holds: /^(?![ \t]*[#;]).*\b_(?:authToken|auth|password)[ \t]*=[ \t]*(?!["']?\$\{)\S/m,
  },
  {
    what: "a token of a registry",
    named: /(?:^|\/)\.yarnrc\.yml$/,
    holds: /^[ \t]*npmAuth(?:Token|Ident):[ \t]*(?!["']?\$\{)\S/m,
  },
  {
    what: "a login of a registry",
    named: /(?:^|\/)(?:auth|\.docker\/config)\.json$/,
    holds: /"(?:auth|github-oauth|gitlab-token|http-basic|bearer)"\s*:\s*(?:"[^"]|\{\s*")/,
  },
  { what: "a password", named: /(?:^|\/)[._]netrc$/, holds: /\bpassword\s+\S/ },
  { what: "a password", named: /(?:^|\/)\.git-credentials$/, holds: /:\/\/[^/\s:]*:[^@\s]+@/ },
  {
    what: "keys of AWS",
    named: /(?:^|\/)(?:\.aws\/[^/]+|credentials(?:\.\w+)?|\.boto|\.s3cfg)$/,
    holds: /^[ \t]*(?:aws_secret_access_key|secret_key)[ \t]*=[ \t]*\S/im,
  },
  { what: "keys of AWS", named: /\.csv$/, holds: /^\W*Access key ID,Secret access key\r?\n\S/ },
  json("a key of Google Cloud", "type: service_account", "private_key"),
  json("a login of Google Cloud", "type: authorized_user", "refresh_token"),
  // What google-github-actions/auth leaves in the workspace.
  json("a login of Google Cloud", "type: external_account", "Authorization"),
  json("a key of Azure", "tenantId", "clientSecret"),
  {
    what: "variables of an environment",
    named: /(?:^|\/)\.env(?:rc|\.(?!(?:example|sample|template|dist|defaults|test)$)[^/]*)?$/,
    holds: /^[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*[ \t]*=[ \t]*\S/m,
  },
  { what: "a database dump", named: /\.(?:sql|dump|pgdump)\.(?:gz|bz2|xz|zst|zip)$/i, holds: /^/ },
  { what: "a database dump", named: /\.(?:dump|pgdump|backup)$/i, holds: /^PGDMP/ },
  {
    // With rows: the structure alone, which Rails keeps as structure.sql, has none but those of its migrations.
    what: "a database dump",
    named: /\.(?:sql|dump)$/i,
    holds:
      /(?<![\s\S])(?=[\s\S]{0,2000}^(?:-- (?:PostgreSQL database|MySQL|MariaDB) dump|\/\*!.*MariaDB dump))[\s\S]*^(?:COPY|INSERT INTO) (?![\w."`]*schema_migrations)/m,
  },
  {
    what: "the job's GitHub token",
    named: /(?:^|\/)config$/,
    holds: /^[ \t]*extraheader[ \t]*=[ \t]*AUTHORIZATION:/im,
  },
];

/** Packages that others publish, test keys and all. */
export const published = /(?:^|\/)(?:node_modules|vendor|site-packages)\//;

/** All that it is told by. */
export const credentialRules: readonly RegExp[] = [
  published,
  beginsWithKey,
  ...kinds.flatMap(({ named, holds }) => [named, holds]),
];

/** What secret a file of that path holds, from its first bytes (256 KiB); undefined for none. */
export function credentialIn(path: string, head: Uint8Array): string | undefined {
  if (published.test(path)) return undefined;
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
  if (beginsWithKey.test(text(head.subarray(0, 100)))) return "a private key";
  return kinds.find(({ named, holds }) => named.test(path) && holds.test(text(head)))?.what;
}

/** git's own config is never sent; build commands read it all the same. */
export async function gitCredential(root: string, exclude: readonly string[]): Promise<Map<string, string>> {
  const head = await readFile(join(root, ".git/config")).catch(() => Buffer.alloc(0));
  const what = excludes(exclude)(".git", true) ? undefined : credentialIn(".git/config", head);
  return new Map(what === undefined ? [] : [[".git/config", what]]);
}

/** Throws `credentials-found`, once for all that are not allowed by name. */
export function refuseCredentials(found: ReadonlyMap<string, string>, allowed: readonly string[]): void {
  const paths = [...found.keys()].filter((path) => !allowed.includes(path)).sort();
  if (paths.length === 0) return;
  const named = paths.map((path) => `${path} (${found.get(path)})`).join(", ");
  const patterns = paths.map(patternOf).join(", ");
  const git = found.has(".git/config") ? "Give actions/checkout `persist-credentials: false`. " : "";
  const hint = `${git}Leave out what no server needs: \`exclude: [${patterns}]\`. What one does need, allow by its path: \`allow-credentials\`.`;
  throw new DeployError("credentials-found", `Credentials are among the files: ${named}`, { hint });
}

/** As gitignore's dialect and YAML have it. */
function patternOf(path: string): string {
  const literal = path.replaceAll(/[\\*?[\]]/g, "\\$&");
  return JSON.stringify(path === ".git/config" ? "/.git" : `/${literal}`);
}

/** A JSON file with both: `key`, or `key: value`. */
function json(what: string, ...members: readonly string[]): Kind {
  const parts = members.map((member) => {
    const [name, value] = member.split(": ");
    return `(?=[^]*"${name}"\\s*:\\s*${value === undefined ? "" : `"${value}"`})`;
  });
  return { what, named: /\.json$/, holds: new RegExp(`^${parts.join("")}`) };
}
