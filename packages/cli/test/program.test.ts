import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { newFolder } from "./folder.ts";
import { type RecordedOptions, recordedIo } from "./io.ts";

async function deploy(args: readonly string[], options: RecordedOptions = {}) {
  const io = recordedIo({ cwd: newFolder(), ...options });
  const exitCode = await main(args, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const config = `app: shop
deploy-to: /srv/shop
environments: { production: { hosts: [deploy@127.0.0.1] } }
`;

/** A folder with this config and one pinned host key. */
function folderWith(text: string): string {
  const folder = newFolder();
  mkdirSync(join(folder, ".github"));
  writeFileSync(join(folder, ".github/deploy.yml"), text);
  writeFileSync(join(folder, "pins"), "127.0.0.1 ssh-ed25519 AAAA\n");
  return folder;
}

test("help is an answer: stdout, exit code 0, with the exit codes", async () => {
  const { exitCode, out, err } = await deploy(["--help"]);
  expect([exitCode, err]).toEqual([0, ""]);
  for (const command of ["init", "plan", "run", "status", "rollback"])
    expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
  expect(out).toContain("3 all servers are back on the old release");
});

test.each([["help"], ["help", "plan"], ["plan", "--help"], ["--version"], ["-V"]])(
  "`deploy %s %s` is an answer too",
  async (...args) => {
    const { exitCode, out, err } = await deploy(args.filter((arg) => typeof arg === "string"));
    expect([exitCode, err, out]).toEqual([0, "", expect.stringMatching(/\n$/)]);
  },
);

test("a folder below the project works in the project, and its own paths are its own", async () => {
  const folder = folderWith("app: [\n");
  mkdirSync(join(folder, "below/deeper"), { recursive: true });
  const cwd = join(folder, "below/deeper");
  const here = await deploy(["backups"], { cwd });
  expect([here.exitCode, here.err]).toEqual([2, expect.stringContaining(".github/deploy.yml")]);
  const named = await deploy(["backups", "--config", "other.yml"], { cwd });
  expect([named.exitCode, named.err]).toEqual([2, expect.stringContaining("below/deeper/other.yml")]);
});

test("no command at all is a mistake, and shows the help on stderr", async () => {
  const { exitCode, out, err } = await deploy([]);
  expect([exitCode, out]).toEqual([2, ""]);
  expect(err).toMatch(/^Usage: deploy /);
});

test.each([
  [["pln"], "error: unknown command 'pln'\n(Did you mean plan?)"],
  [["run", "--dryrun"], "error: unknown option '--dryrun'\n(Did you mean --dry-run?)"],
  [["status", "web1"], "error: too many arguments for 'status'"],
  [["plan", "--config"], "error: option '-c, --config <file>' argument missing"],
  [["plan", "--environment", ""], "is invalid. It is empty."],
  [["init", "--yes"], "error: unknown option '--yes'"],
])("%j: exit code 2, with the way out", async (args, message) => {
  const { exitCode, out, err } = await deploy(args);
  expect([exitCode, out]).toEqual([2, ""]);
  expect(err).toContain(message);
});

test.each(["run", "rollback"])(
  "%s without a terminal and without --yes is refused before anything is read",
  async (name) => {
    expect(await deploy([name])).toEqual({
      exitCode: 2,
      out: "",
      err: `confirmation-missing · deploy ${name} needs a yes, and standard input is no terminal. Look at \`deploy plan\`, then add --yes.\n`,
    });
  },
);

test("a missing config is named", async () => {
  const { exitCode, err } = await deploy(["status"]);
  expect([exitCode, err]).toEqual([2, expect.stringMatching(/^config-missing · \.github\/deploy\.yml · /)]);
});

test("mistakes in the config are told all at once, with their positions", async () => {
  const cwd = folderWith(`${config}prepair: [npm ci]\nkeep-releases: many\n`);
  const { exitCode, err } = await deploy(["plan"], { cwd });
  expect(exitCode).toBe(2);
  expect(err).toContain(".github/deploy.yml:4:1");
  expect(err).toContain(".github/deploy.yml:5:16");
  expect(err.trimEnd().split("\n")).toHaveLength(2);
});

test("flags win over the config, and are judged like it", async () => {
  const cwd = folderWith(config);
  const { exitCode, err } = await deploy(["plan", "--upload-method", "ftp"], { cwd });
  expect([exitCode, err]).toEqual([
    2,
    expect.stringContaining(
      'input upload-method · expected one of auto, artifact, rsync, pull, git, got "ftp"',
    ),
  ]);
  const pull = await deploy(["plan", "--upload-method", "pull", "--upload-store", "./x"], { cwd });
  expect([pull.exitCode, pull.err]).toEqual([
    2,
    expect.stringContaining("input upload-store · expected s3://"),
  ]);
});

test("an absolute --config works too", async () => {
  const cwd = folderWith("nonsense: true\n");
  const { exitCode, err } = await deploy(["plan", "--config", join(cwd, ".github/deploy.yml")], { cwd });
  expect([exitCode, err]).toEqual([2, expect.stringContaining(".github/deploy.yml:1:1")]);
});

test("with --json a mistake is a document as well", async () => {
  const { exitCode, out, err } = await deploy(["plan", "--json", "--known-hosts", "pins"], {
    cwd: folderWith(config),
  });
  expect(exitCode).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    result: "usage",
    exitCode: 2,
    problems: [{ code: "identity-missing" }],
  });
  expect(err).toMatch(/^identity-missing · /);
});

test("a key that cannot be used is said before anything is contacted", async () => {
  const cwd = folderWith(config);
  const args = ["status", "--known-hosts", "pins", "--identity-file", "pins"];
  const { exitCode, err } = await deploy(args, { cwd });
  expect([exitCode > 0, err]).toEqual([
    true,
    expect.stringMatching(/private-key-invalid|known-hosts-invalid/),
  ]);
});

test("init works through the front door", async () => {
  const { exitCode, out } = await deploy(["init"]);
  expect([exitCode, out]).toEqual([0, expect.stringContaining("wrote .github/deploy.yml")]);
});
