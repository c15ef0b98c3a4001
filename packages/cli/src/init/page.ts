import type { Answers, Recipe } from "./stack.ts";

/** What a person reads beside the config: `DEPLOY.md`. Pure. */
export function pageOf(
  answers: Answers,
  hosts: readonly string[],
  words: string,
  { tells, behind, shared, settings = [], left = [] }: Recipe,
): string {
  const { app, user, deployTo, domain } = answers;
  const login = `--identity-file ~/.ssh/deploy-${app} --known-hosts known_hosts.deploy`;
  const option = domain === "_" ? "" : ` --domain ${domain}`;
  return `# How ${app} is deployed

This repository is taken for ${words}. [.github/deploy.yml](.github/deploy.yml) says what a deploy does; every push to main runs it, and the environment \`production\` may ask for reviewers.

## Once: the key and the servers

\`\`\`sh
npx @org/deploy init --keys
npx @org/deploy init --server --key ~/.ssh/deploy-${app}.pub${option} > prepare-server.sh
${hosts.map((host) => `ssh ${rootAt(host)} sh < prepare-server.sh`).join("\n")}
\`\`\`

The first makes a key that only deploys, collects the servers' host keys and shows their fingerprints; once you have compared them with what each server says itself, the secrets
\`SSH_PRIVATE_KEY\` and \`SSH_KNOWN_HOSTS\` are set by \`gh\`, or by hand: \`gh secret set SSH_PRIVATE_KEY < ~/.ssh/deploy-${app}\`, \`gh secret set SSH_KNOWN_HOSTS < known_hosts.deploy\`.
Plans read the servers before anybody approves. Where their job shall have no key that deploys, make one more, and
\`npx @org/deploy plan-key --environment production ~/.ssh/plan-${app}.pub\` prints the restricted line for each server: docs/guides/approvals.md of org/deploy.
Read \`prepare-server.sh\` before you run it: it makes the user \`${user}\`, ${deployTo}, ${behind === "files" ? "" : "what runs the app "}and the nginx site, and can be run again. The same line by line: docs/guides/prepare-a-server.md of org/deploy.
${keptOf(`${deployTo}/shared`, shared.files)}${left.length === 0 ? "" : `\n## Before visitors come\n\n${left.map((each) => `- ${each}\n`).join("")}`}
## Then

\`\`\`sh
${settings.map((line) => `${line.replace(/\bdeploy env set \w+/, (command) => `npx @org/${command} ${login}`)}\n`).join("")}npx @org/deploy plan ${login}
git push
\`\`\`
${
  behind === "files"
    ? "\nnginx answers `/up` with the release's id: a deploy ends only when every server serves the new one.\n"
    : `
## Let the app tell its release

Until it does, any good answer counts as proof, an old process's too. In ${tells.file}:

\`\`\`
${tells.code}
\`\`\`

and in .github/deploy.yml \`health: { url: …/up }\`, without \`expect-release: false\`.
`
}`;
}

/** What a server holds beside releases: settings, and data in a file. */
function keptOf(folder: string, paths: readonly string[]): string {
  const named = (some: readonly string[]) => some.map((path) => `\`${folder}/${path}\``).join(", ");
  const settings = named(paths.filter((path) => path.startsWith(".env")));
  const data = named(paths.filter((path) => !path.startsWith(".env")));
  return [
    settings === ""
      ? ""
      : `\nWhat the app needs to know and git must not hold stands on each server in ${settings}.\n`,
    data === "" ? "" : `Its data outlives releases in ${data}: each server has its own.\n`,
  ].join("");
}

/** `deploy@web1.example.com:2222` → `-p 2222 root@web1.example.com` */
function rootAt(host: string): string {
  const [, address = host, port] = /^(?:[^@]*@)?(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return `${port === undefined ? "" : `-p ${port} `}root@${address}`;
}
