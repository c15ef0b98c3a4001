import { DeployError } from "../errors.ts";
import { parseHosts } from "./hosts/fleet.ts";
import { isName, namePhrase } from "./values/name.ts";
import { show } from "./values/text.ts";

/**
 * The first `.github/deploy.yml` of a repository, for `deploy init`: it parses, and explains itself.
 * `hosts` are host lines. Throws DeployErrors for a bad one, `config-invalid` for an app that is no name.
 */
export function starterConfig({ app, hosts }: { app: string; hosts: readonly string[] }): string {
  if (!isName(app)) throw new DeployError("config-invalid", `expected ${namePhrase}, got ${show(app)}`);
  parseHosts(hosts.join("\n"));
  const lines = hosts.map((host) => `      - ${JSON.stringify(host)}`);
  return `# yaml-language-server: $schema=https://raw.githubusercontent.com/org/deploy/v1/deploy.schema.json
app: ${JSON.stringify(app)}
source: .                 # what is packed; "exclude" leaves out, as in a .gitignore file
exclude: [.github]
deploy-to: ${JSON.stringify(`/var/www/${app}`)}
shared:                   # outlives releases, linked into each, never overwritten
  directories: []         # [public/uploads, log]
  files: []               # [.env]
keep-releases: 5

# On every host, in the new release's folder, before any host switches:
prepare: []               # [npm ci --omit=dev]

# Once, on the leader (the first host), after a verified backup:
# backup: { database: sqlite, path: data/app.db }
# migrate: npm run migrate

# All hosts switch together, and all go back if one is not healthy:
activate:
  reload: []              # [sudo systemctl reload ${app}]
  # health: { url: "http://127.0.0.1:8080/up", within: 30s }

environments:
  production:
    hosts:
${lines.join("\n")}
`;
}
