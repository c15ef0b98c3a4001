import { type Answers, type Detailed, port, type Recipe } from "./stack.ts";

/** What a deploy is made with, and nobody who visits should read. */
const ours = [".github", "/DEPLOY.md", "/prepare-server.sh", "/known_hosts.deploy"];

/** The config of a known stack: every value works as it stands. Pure. */
export function configOf(answers: Answers, hosts: readonly string[], words: string, recipe: Recipe): string {
  const { app, deployTo, domain } = answers;
  const { service, migrate, source, shared, built = [] } = recipe;
  return `# yaml-language-server: $schema=https://raw.githubusercontent.com/org/deploy/v1/deploy.schema.json
# ${words}
app: ${json(app)}
${domain === "_" ? "" : `# url: ${json(`https://${domain}`)}   # once it has TLS: for links, and for what doctor sees from outside\n`}source: ${json(source ?? ".")}
${
  built.length === 0
    ? ""
    : `built:${list(built)}   # what git ignores, and a release needs all the same
`
}exclude:${list([...(source === undefined ? ours : []), ...recipe.exclude])}
deploy-to: ${json(deployTo)}
shared:                   # outlives releases, linked into each, never overwritten
  directories:${list(shared.directories, "    ")}
  files:${list(shared.files, "    ")}
keep-releases: 5

# Where it is packed, before any server is reached:
build:${list(recipe.build)}

# On every host, in the new release's folder, before any host switches:
prepare:${list(recipe.prepare)}

# Once, on the leader (the first host), after a verified backup:
# backup: { database: postgres, store: "s3://my-backups/${app}" }
${migrate === undefined ? "# migrate: …" : `migrate: ${entry(migrate)}`}

# All hosts switch together, and all go back if one is not healthy:
activate:
${service === undefined ? "" : `  service: ${flow(service)}\n`}${healthOf(answers, recipe)}

environments:
  production:
    hosts:
${hosts.map((host) => `      - ${json(host)}`).join("\n")}
`;
}

/** Pages name their release by a file; an application has to be taught first, and until then any 200 counts. */
function healthOf({ domain }: Answers, { behind, asked = { path: "/" } }: Recipe): string {
  const name = domain === "_" ? "127.0.0.1" : domain;
  if (behind === "files") return `  health: { url: ${json(`http://${name}/up`)} }`;
  const { path, headers = [] } = asked;
  const url = behind === "port" ? `http://127.0.0.1:${port}${path}` : `http://${name}${path}`;
  const more = headers.length === 0 ? "" : `headers: [${headers.map(json).join(", ")}], `;
  return `  # "expect-release: false" goes once the app tells its release: DEPLOY.md says how.
  health: { url: ${json(url)}, ${more}within: 60s, expect-release: false }`;
}

const json = (value: unknown): string => JSON.stringify(value);

/** A mapping on one line, as people write it. */
function flow(values: Readonly<Record<string, string | readonly string[]>>): string {
  const plain = (value: string) => (/^[A-Za-z][\w./-]*$/.test(value) ? value : json(value));
  return `{ ${Object.entries(values)
    .map(
      ([key, value]) =>
        `${key}: ${typeof value === "string" ? plain(value) : `[${value.map(json).join(", ")}]`}`,
    )
    .join(", ")} }`;
}

function list(values: readonly (string | Detailed)[], indent = "  "): string {
  return values.length < 2 && typeof values[0] !== "object"
    ? ` ${json(values)}`
    : `\n${values.map((value) => `${indent}- ${entry(value)}`).join("\n")}`;
}

const entry = (value: string | Detailed): string => (typeof value === "string" ? json(value) : flow(value));
