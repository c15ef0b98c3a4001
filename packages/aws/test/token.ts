/** A token with these claims; nobody signed it. */
export function tokenWith(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg`;
}

export const claims = {
  iss: "https://token.actions.githubusercontent.com",
  aud: "sts.amazonaws.com",
  sub: "repo:acme/shop:environment:production",
  repository: "acme/shop",
  repository_id: "456",
  repository_owner_id: "123",
};

export const role = "arn:aws:iam::123456789012:role/deploy";
