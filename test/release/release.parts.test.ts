import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { root } from "../../scripts/lib/root.ts";
import { run } from "../../scripts/lib/run.ts";
import { type Origin, startOrigin } from "./origin.ts";

const app = "ghs_app";
const actions = "ghs_actions";

/** gh, as far as a release needs it: the helper it sets up, and a list of what was released. */
const gh = `#!/bin/sh
case "$1 $2" in
"auth setup-git") git config --global credential.helper '!f() { echo username=x-access-token; echo password=$GH_TOKEN; }; f' ;;
"release view") grep -qx "$3" "$HOME/released" 2>/dev/null ;;
"release create") echo "$3" >>"$HOME/released" ;;
esac
`;

describe("a release, pushed to a repository that refuses what GitHub refuses", () => {
  let folder: string;
  let origin: Origin;
  let desk: string;
  const out = () => join(folder, "out");
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", desk, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
  const env = (more: Readonly<Record<string, string>> = {}) => ({
    ...{ PATH: [join(folder, "bin"), process.env.PATH].join(delimiter), HOME: join(folder, "home") },
    ...{ GIT_CONFIG_NOSYSTEM: "1", GITHUB_REPOSITORY: "acme/deploy", GITHUB_SERVER_URL: origin.url },
    ...{ GIT_TERMINAL_PROMPT: "0" },
    ...more,
  });
  const release = (step: string, version: string, more: Readonly<Record<string, string>> = {}) =>
    run(join(desk, ".ci/release"), [step, version, out()], { env: env(more) });
  const published = () =>
    Object.fromEntries(
      origin
        .git("for-each-ref", "--format=%(refname:short) %(objectname)")
        .split("\n")
        .map((line) => line.split(" ") as [string, string]),
    );

  /** What `render` would leave: both forms, with one file in which they differ. */
  function rendered(text: string): void {
    rmSync(out(), { recursive: true, force: true });
    for (const form of ["dollar", "explicit"]) {
      for (const path of ["dist/plan/index.mjs", ".github/workflows/deploy.yml"])
        mkdirSync(join(out(), form, path, ".."), { recursive: true });
      writeFileSync(join(out(), form, "dist/plan/index.mjs"), text);
      writeFileSync(join(out(), form, ".github/workflows/deploy.yml"), `uses: ${form}\n`);
    }
  }

  /** A commit of main, built and committed as a release: the hash of its tree. */
  async function committed(version: string, text: string): Promise<string> {
    writeFileSync(join(desk, "source"), text);
    git("add", "source");
    git("commit", "--quiet", "--message", text);
    git("fetch", "--quiet", "--tags", "origin");
    rendered(text);
    const ran = await release("commit", version);
    expect(ran).toMatchObject({ code: 0 });
    return ran.output.match(/tree ([0-9a-f]+)/)?.[1] ?? "";
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "deploy-release-"));
    origin = await startOrigin(join(folder, "origin"), { [app]: "app", [actions]: "actions" });
    desk = join(folder, "desk");
    for (const name of ["bin", "home"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "bin/gh"), gh);
    chmodSync(join(folder, "bin/gh"), 0o755);
    spawnSync("git", ["init", "--quiet", "--initial-branch=main", desk]);
    for (const [key, value] of [
      ["user.name", "Ada"],
      ["user.email", "ada@example.org"],
    ] as const)
      git("config", key, value);
    git("remote", "add", "origin", join(folder, "origin/acme/deploy.git"));
    cpSync(join(root, ".ci"), join(desk, ".ci"), { recursive: true });
    git("add", ".ci");
    git("commit", "--quiet", "--message", "main");
  });
  afterAll(async () => {
    await origin.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the workflow's own token may not, the app's may, and a second run of it finds nothing to do", async () => {
    const tree = await committed("1.0.0", "one\n");
    const refused = await release("publish", "1.0.0", { GH_TOKEN: actions, TESTED: tree });
    expect(refused.output).toContain("without 'workflows' permission");
    expect([refused.code, origin.git("for-each-ref")]).toEqual([1, ""]);

    for (const _ of ["once", "again"])
      expect(await release("publish", "1.0.0", { GH_TOKEN: app, TESTED: tree })).toMatchObject({ code: 0 });
    const refs = published();
    expect(Object.keys(refs).sort()).toEqual(
      ["", "-explicit"].flatMap((form) => [`releases/v1${form}`, `v1${form}`, `v1.0.0${form}`]).sort(),
    );
    for (const form of ["", "-explicit"])
      expect(new Set(["releases/v1", "v1", "v1.0.0"].map((name) => refs[name + form])).size).toBe(1);
    expect(origin.git("rev-parse", "v1.0.0^{tree}")).toBe(tree);
    expect(origin.git("show", "v1-explicit:.github/workflows/deploy.yml")).toBe("uses: explicit");
    expect(readFileSync(join(folder, "home/released"), "utf8")).toBe("v1.0.0\n");
  });

  test("what is not what was tested is neither committed nor pushed", async () => {
    rendered("other\n");
    const other = await release("commit", "1.0.1", { TESTED: "0".repeat(40) });
    expect([other.code, other.output]).toEqual([1, expect.stringContaining("is not what was tested")]);
    const tree = await committed("1.0.1", "two\n");
    const before = published();
    for (const tested of ["", "0".repeat(40), git("rev-parse", "v1.0.0^{tree}")])
      expect(await release("publish", "1.0.1", { GH_TOKEN: app, TESTED: tested })).toMatchObject({ code: 1 });
    expect([published(), tree]).toEqual([before, expect.stringMatching(/^[0-9a-f]{40}$/)]);
  });

  test("cut between the version and its major, it is ended by running it again, built again or not", async () => {
    const tree = git("rev-parse", "v1.0.1^{tree}");
    const before = published();
    origin.refuse("refs/tags/v1");
    expect(await release("publish", "1.0.1", { GH_TOKEN: app, TESTED: tree })).toMatchObject({ code: 1 });
    expect([published().v1, published()["v1.0.1"]]).toEqual([before.v1, git("rev-parse", "v1.0.1")]);
    origin.refuse(undefined);
    // Another runner: it knows what was published, and builds the same.
    git("fetch", "--quiet", "--tags", "origin");
    rendered("two\n");
    expect(await release("commit", "1.0.1", { TESTED: tree })).toMatchObject({ code: 0 });
    expect(await release("publish", "1.0.1", { GH_TOKEN: app, TESTED: tree })).toMatchObject({ code: 0 });
    expect(published().v1).toBe(published()["v1.0.1"]);
    expect(published()["v1-explicit"]).toBe(published()["v1.0.1-explicit"]);
  });

  test("a version is released once, and the major never goes back", async () => {
    writeFileSync(join(desk, "source"), "three\n");
    git("commit", "--quiet", "--all", "--message", "three");
    rendered("three\n");
    const twice = await release("commit", "1.0.1");
    expect([twice.code, twice.output]).toEqual([1, expect.stringContaining("released once")]);
    expect(existsSync(join(out(), "release.bundle"))).toBe(false);
    await release("commit", "1.0.2");
    // It continues what was published: the branch of the major has one line.
    expect(git("show", "--no-patch", "--format=%P", "v1.0.2").split(" ")).toEqual([
      git("rev-parse", "v1.0.1"),
      git("rev-parse", "HEAD"),
    ]);
  });
});
