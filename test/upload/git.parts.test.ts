import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedArtifact } from "@deploy/artifact";
import { type FleetHost, hostTree, needs, testKeys } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type GitRig, openGitRig } from "./git.ts";
import { noise, refused, releaseOf, type Site, writeMany } from "./rsync.ts";

const size = 30_000;
const [one, two] = [releaseOf(1), releaseOf(2)];
const whole = { status: "received", state: "ready" };
const describe = needs("sshd", "ip");

describe("a private repository, fetched by the host with a key", () => {
  let rig: GitRig;
  let [app, next]: [string, string] = ["", ""];
  let [first, second]: [string, string] = ["", ""];
  let [packed, later]: [PackedArtifact, PackedArtifact] = [] as never;

  beforeAll(async () => {
    rig = await openGitRig();
    [app, next] = [join(rig.folder, "app"), join(rig.folder, "next")];
    writeTree(app);
    first = rig.repository.commit(app);
    cpSync(app, next, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    writeFileSync(join(next, "part 0/0.bin"), noise("new", size));
    rmSync(join(next, "part 1/1.bin"));
    second = rig.repository.commit(next);
    packed = await rig.pack(app, 1);
    later = await rig.pack(next, 2);
  });
  afterAll(() => rig.close());

  const treeIn = (site: Site, release: string) =>
    hostTree(site.path(`releases/${release}`), { mtime: true }).filter(
      ({ path }) => path !== "REVISION" && path !== "RELEASE",
    );
  const host = () => rig.fleet.hosts[0] as FleetHost;
  const sh = async (script: string, ...args: readonly string[]) =>
    (await host().exec(["sh", "-c", script, "sh", ...args])).stdout;

  test("becomes the very release that an artifact makes, and the next fetch brings what is new alone", async () => {
    const [sent, site] = [await rig.open("sent"), await rig.open("git")];
    await sent.send(packed, one);
    await sent.send(later, two);
    // A tip, so that the server gives it alone.
    const cold = await rig.bring(site, packed, one, rig.repository.commit(app, "cold"));
    expect([cold.received, cold.kept, cold.saved]).toEqual([whole, 0, packed.artifact.bytes]);
    expect(cold.bytes).toBeGreaterThan(60 * size);
    // The manifest, and no file.
    expect(cold.sent).toBeLessThan(10_000);
    const warm = await rig.bring(site, later, two, second);
    expect([warm.received, warm.saved]).toEqual([whole, later.artifact.bytes]);
    expect(warm.kept).toBe(later.artifact.bytes - size);
    expect(warm.bytes).toBeGreaterThan(size);
    expect(warm.bytes).toBeLessThan(size + 3_000);
    expect([treeIn(site, one), treeIn(site, two)]).toEqual([treeIn(sent, one), treeIn(sent, two)]);
    // Nothing is one file with anything else, and nothing is left in staging.
    expect(
      await sh('find "$1/releases" -type f -links +1; ls -A "$1/.deploy/staging"', site.fence.base),
    ).toBe("");
  });

  test("a commit that is there already is fetched from nobody", async () => {
    const site = await rig.open("again");
    await rig.bring(site, packed, one, first);
    const again = await rig.fetch(site, two, first, { access: "none", hostKeys: [] });
    expect([again.bytes, again.manifest.split("\n").length > 70]).toEqual([0, true]);
  });

  test("the key stays in no file, no argument and no process", async () => {
    const site = await rig.open("key");
    await rig.bring(site, packed, one, first);
    const secret = rig.key.split("\n")[2] ?? "";
    expect(secret.length).toBeGreaterThan(60);
    expect(await sh('grep -rlF -e "$2" "$1" "$HOME" /tmp/ssh-* 2>/dev/null', site.fence.base, secret)).toBe(
      "",
    );
    expect(
      await sh("cat /proc/[0-9]*/comm | grep -c '^ssh-agent$'; ls -d /tmp/ssh-*/agent.* 2>/dev/null"),
    ).toBe("0\n");
  });

  test("another key, no key and another server are refused, each by its name", async () => {
    const site = await rig.open("refused");
    const code = async (more: Parameters<GitRig["fetch"]>[3]) =>
      (await refused(rig.fetch(site, one, first, more)))[0];
    const [line = ""] = rig.hostKeys;
    const other = [line.split(" ")[0], ...testKeys().public.split(" ").slice(0, 2)].join(" ");
    expect({
      other: await code({ secret: testKeys().private }),
      none: await code({ access: "none" }),
      locked: await code({ secret: testKeys({ passphrase: "x" }).private }),
      odd: await code({ secret: "no key\n" }),
      server: await code({ hostKeys: [other] }),
      unpinned: await code({ hostKeys: [] }),
      gone: await code({ repository: rig.url.replace("shop.git", "nothing.git") }),
      away: await code({ repository: rig.url.replace(/:\d+\//, ":9/") }),
    }).toEqual({
      other: "git-access",
      none: "git-access",
      locked: "git-access",
      odd: "git-access",
      server: "git-host-key",
      unpinned: "git-host-key",
      gone: "git-access",
      away: "git-failed",
    });
    expect(existsSync(site.path(`releases/${one}`))).toBe(false);
  });

  test("the host's own login is used where no key is given", async () => {
    const site = await rig.open("own");
    mkdirSync(join(host().home, ".ssh"), { recursive: true, mode: 0o700 });
    writeFileSync(join(host().home, ".ssh/id_ed25519"), rig.key, { mode: 0o600 });
    const { received } = await rig.bring(site, packed, one, first, { access: "none" });
    rmSync(join(host().home, ".ssh"), { recursive: true });
    expect(received).toEqual(whole);
  });

  test("a commit behind the tip, one whose branch was rewritten, and one that is gone", async () => {
    const site = await rig.open("rewritten");
    const { git, commit } = rig.repository;
    const lost = commit(app, "topic");
    git("update-ref", "refs/heads/topic", first);
    // This server gives what a branch names, as OpenSSH lets no protocol through: all of them are fetched.
    expect((await rig.bring(site, packed, one, first)).received).toEqual(whole);
    const [code, message] = await refused(rig.fetch(site, two, lost));
    expect([code, message]).toEqual(["git-commit-missing", `${rig.url} has no commit ${lost}`]);
    // What this host has fetched it has, whatever became of the branch.
    const other = commit(next, "other");
    await rig.fetch(site, two, other);
    git("update-ref", "-d", "refs/heads/other");
    expect((await rig.bring(site, later, two, other)).received).toEqual(whole);
  });

  test("what git has not is sent: a submodule's files, a large file behind a pointer, what was built", async () => {
    const folder = join(rig.folder, "more");
    cpSync(app, folder, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(folder, "large.bin"), pointer);
    const { git } = rig.repository;
    const base = rig.repository.commit(folder, "lfs");
    git("read-tree", base);
    git("update-index", "--add", "--cacheinfo", `160000,${"a".repeat(40)},vendor/lib`);
    const hash = git("commit-tree", git("write-tree"), "-m", "with a submodule");
    git("update-ref", "refs/heads/lfs", hash);
    writeFileSync(join(folder, "large.bin"), noise("large", 50_000));
    mkdirSync(join(folder, "vendor/lib"), { recursive: true });
    writeFileSync(join(folder, "vendor/lib/it.js"), "of the submodule");
    writeFileSync(join(folder, "built.js"), "of the build");
    const site = await rig.open("more");
    const both = await rig.pack(folder, 1);
    const { received, saved } = await rig.bring(site, both, one, hash);
    const sent = 50_000 + "of the submodule".length + "of the build".length;
    expect([received, saved]).toEqual([whole, both.artifact.bytes - sent]);
    expect(hostTree(site.path(`releases/${one}`)).filter(({ path }) => !/^RE/.test(path))).toEqual(
      hostTree(folder),
    );
  });

  test("settings of the host's git, and what its environment says to git, change nothing", async () => {
    const site = await rig.open("settings");
    const text =
      '[core]\n\thooksPath = /srv/hooks\n\tautocrlf = true\n[url "file:///nowhere/"]\n\tinsteadOf = ssh://\n';
    writeFileSync(join(host().home, ".gitconfig"), text);
    const { received } = await rig.bring(site, packed, one, first);
    rmSync(join(host().home, ".gitconfig"));
    expect(received).toEqual(whole);
  });

  test("a mirror that was damaged, or that a killed run had locked, is mended by the next fetch", async () => {
    const site = await rig.open("damaged");
    await rig.bring(site, packed, one, first);
    const mirror = `${site.fence.base}/.deploy/git`;
    await sh('touch "$1/shallow.lock" "$1/refs/deploy/x.lock" "$1/objects/pack/tmp_pack_x"', mirror);
    await rig.fetch(site, two, second);
    await sh('rm -f "$1"/objects/pack/*.pack', mirror);
    const { received, bytes } = await rig.bring(site, later, two, second);
    expect([received, bytes > 60 * size]).toEqual([whole, true]);
  });

  test("a full disk is said as such, and the next run goes on once there is room", async () => {
    const site = await rig.open("small", { host: 2 });
    const fill = site.path("fill");
    const small = rig.fleet.hosts[2] as FleetHost;
    await small.exec(["sh", "-c", 'dd if=/dev/zero of="$1/fill" bs=1024 count=3000', "sh", site.fence.base]);
    const [code] = await refused(rig.bring(site, packed, one, first));
    expect([code, existsSync(site.path(`releases/${one}`))]).toEqual(["disk-full", false]);
    rmSync(fill);
    expect((await rig.bring(site, packed, one, first)).received).toEqual(whole);
  });
});

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 50000\n`;

/** 70 files of 30 kB and what else a tree may hold. */
function writeTree(root: string): void {
  writeMany(root, 70, size);
  mkdirSync(join(root, "bin"));
  chmodSync(join(root, "bin"), 0o755);
  writeFileSync(join(root, "bin/start"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(root, "über 'x' $y.txt"), "ü");
  writeFileSync(join(root, "-rf"), "");
  symlinkSync("../part 0/0.bin", join(root, "bin/link"));
}
