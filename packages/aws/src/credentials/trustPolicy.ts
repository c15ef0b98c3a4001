import { type Claims, subjects } from "./claims.ts";

/** The audience AWS asks for unless its identity provider was made with another one. */
export const audience = "sts.amazonaws.com";
const github = "https://token.actions.githubusercontent.com";

/** `arn:aws:iam::123456789012:role/path/name`; the partitions of China and the US government too. */
const roleArn = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/[\w+=,.@/-]{1,577}$/;

export function isRoleArn(text: string): boolean {
  return roleArn.test(text);
}

/** What to put on the role so that this token may assume it: the policy as JSON on one line, to be copied. */
export function trustPolicy(role: string, claims: Claims): string {
  const [, partition = "aws", account = "ACCOUNT"] = roleArn.exec(role) ?? [];
  const provider = (claims.iss ?? github).replace(/^https:\/\//, "");
  const subs = subjects(claims);
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${provider}:aud`]: audience,
            [`${provider}:sub`]: subs.length > 0 ? subs : ["repo:OWNER/REPOSITORY:environment:ENVIRONMENT"],
          },
        },
      },
    ],
  });
}
