import { type Credential, list, makeProblem, markdown, type Problem } from "@deploy/core";

/** What the job that deploys is given, as far as the workflow sees it from here: lines such as `aws-keys=true`. */
export type Given = readonly string[];

const secrets = {
  "database-url": ["DATABASE_URL"],
  "aws-keys": ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
  "id-token": [],
  "vault-password": ["VAULT_PASSWORD"],
} as const satisfies Record<Credential["name"], readonly string[]>;

/** What certainly misses: no secret of an environment makes up for a permission. */
export function checkCredentials(needed: readonly Credential[], given: Given): readonly Problem[] {
  const uses = needed.filter(({ name }) => name === "id-token").map(({ use }) => use);
  // Keys win over a role, so that nobody asks for a token.
  if (uses.length === 0 || !given.includes("id-token=false") || given.includes("aws-keys=true")) return [];
  const message = `The config names a role for ${list(uses)}, and deploy.yml may not ask for an OIDC token`;
  const hint =
    "Call deploy-oidc.yml instead, and add `id-token: write` to the permissions of the calling job.";
  return [makeProblem("oidc-unavailable", message, { hint })];
}

/** What was not seen from here, with the line that gives it: for whoever approves. Markdown. */
export function renderCredentials(needed: readonly Credential[], given: Given, environment: string): string {
  const { code, words } = markdown;
  const called = given.length > 0;
  const unseen = needed.filter(
    ({ name }) => !(called && name === "id-token") && !given.includes(`${name}=true`),
  );
  if (unseen.length === 0) return "";
  const head = called
    ? `Not seen by the plan. Each is a secret of the environment ${code(environment)} alone, or misses, and then the calling job lacks this line under \`secrets:\`:`
    : "The steps that deploy are to be given:";
  const items = unseen.map((credential) => {
    const lines = called ? asSecrets(credential) : asInputs(credential);
    return `- for ${words(credential.use)}: ${lines.map(code).join(" and ")}`;
  });
  return `\n${head}\n\n${items.join("\n")}\n`;
}

function asSecrets({ name, secret }: Credential): readonly string[] {
  return secrets[name].map((own) => `${own}: \${{ secrets.${secret ?? own} }}`);
}

/** In the steps form: of the step, or of its job. */
function asInputs({ name, secret }: Credential): readonly string[] {
  if (name === "id-token") return ["permissions: { id-token: write }"];
  return secrets[name].map(
    (own) => `${own.toLowerCase().replaceAll("_", "-")}: \${{ secrets.${secret ?? own} }}`,
  );
}
