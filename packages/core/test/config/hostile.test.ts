import { type Config, configFromInputs, DeployErrors, parseConfig } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";

const strings: Readonly<Record<string, string>> = {
  substitution: "$(id)",
  backticks: "`id`",
  "single quote": "it's",
  "double quote": 'say "x"',
  newline: "a\nb",
  semicolon: "a;id",
  "leading dash": "-rf",
  glob: "*?[a]",
  emoji: "🚀",
  long: "x".repeat(300),
  nul: "a\0b",
  escape: "a\u001b[2Jb",
  "right-to-left": "a\u202eb",
  surrogate: "a\ud800b",
  blank: " ",
};

const base = { app: "shop", "deploy-to": "/srv/shop" };
const own = { hosts: ["deploy@web1"] };
const file = (top: object, environment: object = {}) => {
  return JSON.stringify({ ...base, ...top, environments: { production: { ...own, ...environment } } });
};

type Field = readonly [
  make: (text: string) => string,
  read: (config: Config) => unknown,
  literal: readonly string[],
];

const commands = [
  "substitution",
  "backticks",
  "single quote",
  "double quote",
  "newline",
  "semicolon",
  "leading dash",
  "glob",
  "emoji",
  "long",
  "escape",
  "right-to-left",
];
const names: readonly string[] = [];
const paths = ["substitution", "backticks", "single quote", "double quote", "semicolon", "glob", "emoji"];
const health = (text: string) => file({ activate: { health: { url: text } } });

/** How each field takes a string, where it ends up, and which strings it takes as they are. The others are refused. */
const fields: Readonly<Record<string, Field>> = {
  app: [(text) => file({ app: text }), (config) => config.app, names],
  source: [(text) => file({ source: text }), (config) => config.source, paths.concat("blank")],
  exclude: [
    (text) => file({ exclude: [text] }),
    (config) => config.exclude[0],
    [...paths, "leading dash", "long"],
  ],
  build: [(text) => file({ build: [text] }), (config) => config.build[0]?.run, commands],
  "deploy-to": [
    (text) => file({ "deploy-to": `/srv/${text}` }),
    (config) => config.deployTo.slice(5),
    [...paths, "leading dash", "blank"],
  ],
  "shared directory": [
    (text) => file({ shared: { directories: [text] } }),
    (config) => config.shared.directories[0],
    paths.concat("blank"),
  ],
  "shared file": [
    (text) => file({ shared: { files: [text] } }),
    (config) => config.shared.files[0],
    paths.concat("blank"),
  ],
  username: [(text) => file({ username: text }), (config) => config, names],
  prepare: [(text) => file({ prepare: [text] }), (config) => config.prepare[0]?.run, commands],
  "prepare run": [(text) => file({ prepare: [{ run: text }] }), (config) => config.prepare[0]?.run, commands],
  "prepare role": [
    (text) => file({ prepare: [{ run: "x", roles: [text] }] }),
    (config) => config.prepare[0]?.roles[0],
    names,
  ],
  "prepare env-file": [
    (text) => file({ prepare: [{ run: "x", "env-file": text }] }),
    (config) => config.prepare[0]?.envFile,
    paths.concat("blank"),
  ],
  "backup path": [
    (text) => file({ backup: { database: "sqlite", path: text } }),
    (config) => (config.backup?.database === "sqlite" ? config.backup.path : undefined),
    paths.concat("blank"),
  ],
  "backup database": [(text) => file({ backup: { database: text } }), (config) => config.backup, names],
  "backup url-secret": [
    (text) => file({ backup: { database: "postgres", store: "/b", "url-secret": text } }),
    (config) => config.backup,
    names,
  ],
  "backup store": [
    (text) => file({ backup: { database: "postgres", store: text } }),
    (config) => config.backup?.store?.to,
    [...paths, "leading dash", "long"],
  ],
  "backup shared path": [
    (text) => file({ backup: { database: "files", store: "/b", paths: [text] } }),
    (config) => (config.backup?.database === "files" ? config.backup.paths[0] : undefined),
    paths.concat("blank"),
  ],
  "backup recipient": [
    (text) => file({ backup: { database: "postgres", store: "/b", "encrypt-to": [text] } }),
    (config) => config.backup,
    names,
  ],
  "backup minimum-size": [
    (text) => file({ backup: { database: "postgres", store: "/b", "minimum-size": text } }),
    (config) => config.backup,
    names,
  ],
  "backup run": [
    (text) => file({ backup: { database: "command", run: text, verify: text } }),
    (config) => (config.backup?.database === "command" ? config.backup.verify : undefined),
    commands,
  ],
  migrate: [(text) => file({ migrate: text }), (config) => config.migrate?.run, commands],
  reload: [
    (text) => file({ activate: { reload: [text] } }),
    (config) => config.activate.reload[0]?.run,
    commands,
  ],
  strategy: [(text) => file({ activate: { strategy: text } }), (config) => config, names],
  "health url": [health, (config) => config.activate.health?.url, names],
  "health path": [
    (text) => health(`http://a/${text}`),
    (config) => config.activate.health?.url.slice(9),
    ["substitution", "single quote", "semicolon", "leading dash", "glob", "emoji", "long"],
  ],
  "health within": [
    (text) => file({ activate: { health: { url: "http://a", within: text } } }),
    (config) => config,
    names,
  ],
  url: [(text) => file({}, { url: text }), (config) => config.url, names],
  leader: [(text) => file({}, { leader: text }), (config) => config.leader, names],
  "host line": [(text) => file({}, { hosts: [text] }), (config) => config, names],
  "host user": [(text) => file({}, { hosts: [`${text}@web1`] }), (config) => config, names],
  "host port": [(text) => file({}, { hosts: [`deploy@web1:${text}`] }), (config) => config, names],
  "host role": [(text) => file({}, { hosts: [`deploy@web1 roles=${text}`] }), (config) => config, names],
  "host mapping": [
    (text) => file({}, { hosts: [{ address: text, username: "deploy" }] }),
    (config) => config,
    names,
  ],
  "host mapping role": [
    (text) => file({}, { hosts: [{ address: "web1", username: "deploy", roles: [text] }] }),
    (config) => config,
    names,
  ],
  "environment name": [
    (text) => JSON.stringify({ ...base, environments: { [text]: own } }),
    (config) => config.environment,
    names,
  ],
  "unknown key": [(text) => file({ [text]: 1 }), (config) => config, names],
};

/** The value, or "refused": with problems that each show on one clean line. */
function judge(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DeployErrors)) throw error;
    const ugly = error.problems.filter(
      ({ message }) => /[\p{Cc}\p{Cs}\u202e]/u.test(message) || message.length > 500,
    );
    return ugly.length === 0 ? "refused" : ugly;
  }
}

describe("hostile strings", () => {
  test.each(Object.keys(fields))("in %s are literal or refused", (field) => {
    const [make, read, literal] = fields[field] as Field;
    const judged = Object.entries(strings).map(([kind, text]) => {
      return [kind, judge(() => read(parseConfig(make(text), { file: "deploy.yml" })))];
    });
    const expected = Object.entries(strings).map(([kind, text]) => [
      kind,
      literal.includes(kind) ? text : "refused",
    ]);
    expect(judged).toEqual(expected);
  });

  const inputs = [
    "app",
    "url",
    "hosts",
    "username",
    "leader",
    "deployTo",
    "source",
    "sharedDirectories",
    "sharedFiles",
    "keepReleases",
    "migrateEnvFile",
    "strategy",
    "healthUrl",
    "healthStatus",
    "healthExpectRelease",
    "healthWithin",
    "healthInterval",
    "healthPasses",
    "environment",
  ];
  test.each(inputs)("in the input %s break no rule of the file", (input) => {
    const good = { deployTo: "/srv/shop", hosts: "deploy@web1", migrate: "x", healthUrl: "http://a/" };
    const judged = Object.entries(strings).map(([kind, text]) => {
      return [kind, judge(() => JSON.stringify(configFromInputs({ ...good, [input]: text })) && "taken")];
    });
    const paths = ["source", "sharedDirectories", "sharedFiles", "migrateEnvFile"].includes(input);
    const taken = ["substitution", "backticks", "single quote", "double quote", "semicolon", "glob", "emoji"];
    const lists = ["sharedDirectories", "sharedFiles"].includes(input) ? ["newline"] : [];
    // An input of blanks says nothing: the default stands, or the need is named.
    const blank = ["hosts", "deployTo"].includes(input) ? [] : ["blank"];
    const expected = [...(paths ? [...taken, ...lists] : []), ...blank];
    expect(judged.filter(([, verdict]) => verdict !== "refused").map(([kind]) => kind)).toEqual(
      Object.keys(strings).filter((kind) => expected.includes(kind)),
    );
  });
});
