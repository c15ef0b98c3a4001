import { expect, test } from "@jest/globals";
import { makeTree, pack, refusals } from "./tree.ts";

const pem = (what: string) => `-----BEGIN ${what}-----\nMIIB\n-----END ${what}-----\n`;
const account = (type: string, more: object) => JSON.stringify({ type, ...more }, null, 2);

const dump = "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.users (id int);\n";

test.each([
  ["deploy.pem", pem("PRIVATE KEY"), "a private key"],
  ["certs/both.pem", pem("CERTIFICATE") + pem("RSA PRIVATE KEY"), "a private key"],
  ["id_ed25519", pem("OPENSSH PRIVATE KEY"), "a private key"],
  ["notes.txt", pem("EC PRIVATE KEY"), "a private key"],
  ["key.txt", "# public key: age1x\nAGE-SECRET-KEY-1X\n", "an age key"],
  [".npmrc", "save-exact=true\n//registry.npmjs.org/:_authToken=npm_0123\n", "a token of a registry"],
  ["sub/.npmrc", "_auth = aGk=\n", "a token of a registry"],
  [".yarnrc.yml", "nodeLinker: node-modules\nnpmAuthToken: abc\n", "a token of a registry"],
  ["auth.json", '{"github-oauth": {"github.com": "ghp_0"}}', "a login of a registry"],
  [".netrc", "machine a login b password c\n", "a password"],
  [".aws/credentials", "[default]\naws_secret_access_key = wJalr\n", "keys of AWS"],
  ["rootkey.csv", "\u{feff}Access key ID,Secret access key\r\nAKIA,wJalr\r\n", "keys of AWS"],
  ["key.json", account("service_account", { private_key: "-----BEGIN" }), "a key of Google Cloud"],
  [
    "gha-creds-1.json",
    account("external_account", { credential_source: { headers: { Authorization: "Bearer x" } } }),
    "a login of Google Cloud",
  ],
  [".git/config", "[http]\n\textraheader = AUTHORIZATION: basic eA==\n", "the job's GitHub token"],
  [".env", "# local\nDEBUG=1\n", "variables of an environment"],
  ["api/.env.production", "export DATABASE_URL='postgres://u:p@db/shop'\n", "variables of an environment"],
  [".envrc", "export TOKEN=x\n", "variables of an environment"],
  ["nightly.SQL.gz", "\u001f", "a database dump"],
  ["shop.dump", "PGDMP\u0001", "a database dump"],
  ["shop.sql", `${dump}COPY public.users (id, mail) FROM stdin;\n1\ta@example.com\n`, "a database dump"],
  ["old/shop.sql", "-- MySQL dump 10.13\n\nINSERT INTO `users` VALUES (1);\n", "a database dump"],
])("%s stops the pack", async (path, text, what) => {
  const root = makeTree({ f: "x", [path]: text });
  await expect(pack(root)).rejects.toMatchObject({
    problem: { code: "credentials-found", message: `Credentials are among the files: ${path} (${what})` },
  });
  expect(await refusals(pack(root, { allowCredentials: [path] }))).toEqual([]);
});

test.each([
  ["public.pem", pem("CERTIFICATE")],
  ["id_ed25519.pub", "ssh-ed25519 AAAA me\n"],
  [
    ".npmrc",
    `registry=https://r.example.com/\n; _authToken=old\n//r.example.com/:_authToken=\${NPM_TOKEN}\n`,
  ],
  [".npmrc", "_authToken=\nsave-exact=true\n"],
  [".aws/config", "[default]\nregion = eu-west-1\n"],
  ["package.json", '{"type": "module", "private_key": false}'],
  ["docs.md", `Keys look like this:\n${pem("PRIVATE KEY")}`],
  ["node_modules/public-encrypt/test/test.pem", pem("RSA PRIVATE KEY")],
  [".git/config", "[core]\n\tbare = false\n"],
  [".env.example", "TOKEN=yours\n"],
  [".env", "# none yet\nTOKEN=\n"],
  [".environment", "A=1\n"],
  ["db/structure.sql", `${dump}INSERT INTO "schema_migrations" (version) VALUES\n('1');\n`],
  ["migrations/0002_users.sql", "INSERT INTO users VALUES (1);\n"],
])("%s does not, with what is public in it", async (path, text) => {
  expect(await refusals(pack(makeTree({ f: "x", "node_modules/.bin/": "", [path]: text })))).toEqual([]);
});

test("all are named at once, and the hint's own patterns leave them out", async () => {
  const root = makeTree({
    f: "x",
    "b/[1].key": pem("PRIVATE KEY"),
    "a.pem": pem("PRIVATE KEY"),
    ".git/config": "[http]\n\textraheader = AUTHORIZATION: basic eA==\n",
  });
  const { problem } = await pack(root).catch((error) => error);
  expect(problem.message).toBe(
    "Credentials are among the files: .git/config (the job's GitHub token), a.pem (a private key), b/[1].key (a private key)",
  );
  expect(problem.hint).toContain("`persist-credentials: false`");
  const exclude = JSON.parse(/exclude: (\[.*\])`\. What/.exec(problem.hint)?.[1] ?? "");
  expect((await pack(root, { exclude })).artifact.files).toBe(1);
});
