import { starterConfig } from "@deploy/core";
import { configOf } from "./config.ts";
import { pageOf } from "./page.ts";
import type { Repository } from "./repository.ts";
import type { Answers, Stack } from "./stack.ts";

/** A file that `deploy init` writes where there is none. */
export interface StarterFile {
  readonly path: string;
  readonly text: string;
}

export interface Begun {
  readonly answers: Answers;
  /** As the config has them: `deploy@web1.example.com`. */
  readonly hosts: readonly string[];
  /** undefined: nothing that we know. */
  readonly stack: Stack | undefined;
  readonly repository: Repository;
}

/** What a new repository needs: the config, the two workflows that call ours, and for a known stack a page. */
export function starterFiles({ answers, hosts, stack, repository }: Begun): readonly StarterFile[] {
  const recipe = stack?.recipe(answers, repository);
  const config =
    stack === undefined || recipe === undefined
      ? starterConfig({ app: answers.app, hosts })
      : configOf(answers, hosts, stack.words, recipe);
  return [
    { path: ".github/deploy.yml", text: config },
    { path: ".github/workflows/deploy.yml", text: deployWorkflow },
    { path: ".github/workflows/rollback.yml", text: rollbackWorkflow },
    ...(stack === undefined || recipe === undefined
      ? []
      : [{ path: "DEPLOY.md", text: pageOf(answers, hosts, stack.words, recipe) }]),
  ];
}

/** A name that config accepts: small letters, digits and dashes. */
export function appNameFrom(folder: string): string {
  const name = folder
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return name === "" ? "app" : name;
}

/** Started by hand where a person must say something that no push can. */
const deployWorkflow = `name: Deploy
on:
  push:
    branches: [main]
  workflow_dispatch:
    inputs:
      retry:
        description: Run a migration again that failed
        type: boolean
        default: false
      resolve:
        description: "A migration whose end nobody knows: retry it, or take it for done"
        type: choice
        options: ["", retry, done]
      allow-identity-change:
        description: The database was moved on purpose since the last backup
        type: boolean
        default: false
permissions: {}
jobs:
  deploy:
    permissions:
      contents: read # to check out what is deployed
      actions: read # to ask whether the run that holds the lock is over
    uses: org/deploy/.github/workflows/deploy.yml@v1
    with:
      environment: production
      retry: \${{ inputs.retry || false }}
      resolve: \${{ inputs.resolve }}
      allow-identity-change: \${{ inputs.allow-identity-change || false }}
    secrets:
      SSH_PRIVATE_KEY: \${{ secrets.SSH_PRIVATE_KEY }}
      SSH_KNOWN_HOSTS: \${{ secrets.SSH_KNOWN_HOSTS }}
`;

const rollbackWorkflow = `name: Roll back
on:
  workflow_dispatch:
    inputs:
      to:
        description: The release to go back to; empty for the good one before the live one
        type: string
        default: ""
permissions: {}
jobs:
  rollback:
    permissions:
      contents: read # to read .github/deploy.yml
      actions: read # to ask whether the run that holds the lock is over
    uses: org/deploy/.github/workflows/rollback.yml@v1
    with:
      environment: production
      to: \${{ inputs.to }}
    secrets:
      SSH_PRIVATE_KEY: \${{ secrets.SSH_PRIVATE_KEY }}
      SSH_KNOWN_HOSTS: \${{ secrets.SSH_KNOWN_HOSTS }}
`;

/** What a person does next, once: a key for the servers, their host keys pinned, both handed to GitHub. */
export function nextSteps({ app }: Answers, hosts: readonly string[], stack: Stack | undefined): string {
  if (stack !== undefined)
    return `Taken for ${stack.words}. What is left, once, stands in DEPLOY.md: the key, one script for each server, two secrets.\n`;
  const names = hosts.map((host) => host.replace(/^[^@]*@/, "").replace(/:\d+$/, ""));
  return `Next:
 1. Name your servers in .github/deploy.yml.
 2. Make a key that only deploys, and let it in on every server:
      ssh-keygen -t ed25519 -N '' -C deploy-${app} -f ~/.ssh/deploy-${app}
${hosts.map((host) => `      ssh-copy-id -i ~/.ssh/deploy-${app}.pub ${host}`).join("\n")}
 3. Pin every server's host key, and compare the fingerprints with what the server itself says:
      ssh-keyscan -t ed25519 ${names.join(" ")} > known_hosts.deploy
      ssh-keygen -lf known_hosts.deploy
      (on the server)  ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub
 4. Hand both to GitHub, as secrets of the repository (the plan runs before the environment's approval):
      gh secret set SSH_PRIVATE_KEY < ~/.ssh/deploy-${app}
      gh secret set SSH_KNOWN_HOSTS < known_hosts.deploy
 5. Look before you leap:
      deploy plan --environment production --identity-file ~/.ssh/deploy-${app} --known-hosts known_hosts.deploy
`;
}
