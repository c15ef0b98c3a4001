/** What a token says of itself; nothing of it was verified, it is for messages only. */
export interface Claims {
  readonly sub?: string;
  readonly aud?: string;
  readonly iss?: string;
  readonly repository?: string;
  readonly repositoryId?: string;
  readonly ownerId?: string;
}

/** Longer claims are cut out of messages whole. */
const longest = 500;

/** The claims in the payload of a JSON Web Token (RFC 7519); none of what cannot be read. */
export function readClaims(token: string): Claims {
  const payload = parse(token.split(".")[1] ?? "");
  const text = (name: string): string | undefined => {
    const value = payload[name];
    return typeof value === "string" && value !== "" && value.length <= longest ? value : undefined;
  };
  const claims = {
    sub: text("sub"),
    aud: text("aud"),
    iss: text("iss"),
    repository: text("repository"),
    repositoryId: text("repository_id"),
    ownerId: text("repository_owner_id"),
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

function parse(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/**
 * The subject in both formats GitHub has, the token's own first: `repo:o/r:…`, and `repo:o@1/r@2:…` of repositories
 * made or renamed since 2026-07-15. One where the other cannot be known.
 */
export function subjects({ sub, repository, repositoryId, ownerId }: Claims): readonly string[] {
  if (sub === undefined) return [];
  const [, owner, ids, name, id, rest] = /^repo:([^@/:]+)(@\d+)?\/([^@/:]+)(@\d+)?(:.*)$/s.exec(sub) ?? [];
  if (owner === undefined || name === undefined || rest === undefined) return [sub];
  if (ids !== undefined && id !== undefined) return [sub, `repo:${owner}/${name}${rest}`];
  if (repository !== `${owner}/${name}` || !isId(repositoryId) || !isId(ownerId)) return [sub];
  return [sub, `repo:${owner}@${ownerId}/${name}@${repositoryId}${rest}`];
}

function isId(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,20}$/.test(text);
}
