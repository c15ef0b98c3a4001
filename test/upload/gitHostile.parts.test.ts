import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostTree, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type GitRig, openGitRig } from "./git.ts";
import { refused, releaseOf } from "./rsync.ts";

const one = releaseOf(1);
const whole = { status: "received", state: "ready" };
const describe = needs("sshd", "ip");

describe("what a commit and a URL hold is data", () => {
  let rig: GitRig;
  let first: string;
  beforeAll(async () => {
    rig = await openGitRig();
    const app = join(rig.folder, "app");
    mkdirSync(app);
    writeFileSync(join(app, "index.html"), "one");
    first = rig.repository.commit(app);
  });
  afterAll(() => rig.close());

  test("attributes of the repository change no byte, and leave nothing out", async () => {
    const folder = join(rig.folder, "attributes");
    mkdirSync(folder);
    writeFileSync(join(folder, ".gitattributes"), attributes);
    for (const name of ["a.crlf", "b.ident", "c.subst", "d.ignored", "e.filtered", "f.utf16"])
      writeFileSync(join(folder, name), "$Id$ $Format:%H$\none\n");
    rig.repository.git("config", "filter.evil.smudge", "touch /tmp/never");
    // As they lie here, whatever git would make of them.
    const hash = commitRaw(rig, folder);
    const site = await rig.open("attributes");
    const all = await rig.pack(folder, 1);
    const { received, saved } = await rig.bring(site, all, one, hash);
    expect([received, saved]).toEqual([whole, all.artifact.bytes]);
  });

  describe("hostile", () => {
    test("names, links and folders that mean something to git do nothing", async () => {
      const folder = join(rig.folder, "hostile");
      for (const path of ["hooks", "objects", "refs", "sub"])
        mkdirSync(join(folder, path), { recursive: true });
      writeFileSync(join(folder, "HEAD"), "ref: refs/heads/main\n");
      writeFileSync(
        join(folder, "config"),
        '[core]\n\tfsmonitor = "touch /tmp/never"\n\tsshCommand = false\n',
      );
      writeFileSync(join(folder, "hooks/post-checkout"), "#!/bin/sh\ntouch /tmp/never\n", { mode: 0o755 });
      for (const path of ["objects/x", "refs/x", "-rf", "--upload-pack=touch x", "sub/f\t x", ".gitmodules"])
        writeFileSync(join(folder, path), "x");
      writeFileSync(
        join(folder, ".gitmodules"),
        '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% /tmp/never\n',
      );
      const odd = join(folder, "a\nf\t644\t1\tx\tb");
      writeFileSync(odd, "x");
      symlinkSync("/etc/passwd", join(folder, "out"));
      symlinkSync("../../../..", join(folder, "up"));
      const hash = commitRaw(rig, folder);
      for (const path of [odd, join(folder, "sub/f\t x"), join(folder, "out"), join(folder, "up")])
        rmSync(path);
      const site = await rig.open("hostile");
      const all = await rig.pack(folder, 1);
      expect((await rig.bring(site, all, one, hash)).received).toEqual(whole);
      expect(hostTree(site.path(`releases/${one}`)).filter(({ path }) => !/^RE/.test(path))).toEqual(
        hostTree(folder),
      );
      expect(existsSync("/tmp/never")).toBe(false);
    });

    test.each([".git", ".GIT", "git~1", ".git\u200c", ".."])(
      "a file below %j is written nowhere",
      async (name) => {
        const { git } = rig.repository;
        const blob = git("hash-object", "-w", "--stdin", "--no-filters");
        const inner = treeWith(rig, `100644 blob ${blob}\tconfig`);
        const hash = git("commit-tree", treeWith(rig, `040000 tree ${inner}\t${name}`), "-m", "hostile");
        git("update-ref", "refs/heads/hostile", hash);
        const site = await rig.open("written");
        const [code] = await refused(rig.fetch(site, one, hash));
        git("update-ref", "-d", "refs/heads/hostile");
        expect(["git-refused", "git-failed"]).toContain(code);
      },
    );

    test.each([
      "ext::sh -c 'touch /tmp/never'",
      "ext::sh",
      "file:///srv/shop.git",
      "/srv/shop.git",
      "-oProxyCommand=touch:x",
      "--upload-pack=touch",
      "ssh://-oProxyCommand=x/y",
      "git@host:-x",
      "git://host/x",
      "https://user:password@host/x",
      "https://host/x\nhttps://host/y",
      "https://$(id)/x",
    ])("%j is no repository", async (repository) => {
      const site = await rig.open("url");
      for (const access of ["none", "key"] as const)
        expect((await refused(rig.fetch(site, one, first, { repository, access })))[0]).toBe(
          "argument-refused",
        );
    });

    test("a token is said to nobody without TLS, and a key to no web server", async () => {
      const site = await rig.open("plain");
      const code = async (access: "token" | "key", repository: string) =>
        (await refused(rig.fetch(site, one, first, { access, repository })))[0];
      expect(await code("token", "http://host/x")).toBe("argument-refused");
      expect(await code("token", rig.url)).toBe("argument-refused");
      expect(await code("key", "https://host/x")).toBe("argument-refused");
    });
  });
});

const attributes = `*.crlf text eol=crlf
*.ident ident
*.subst export-subst
*.ignored export-ignore
*.filtered filter=evil
*.utf16 text working-tree-encoding=UTF-16
`;

/** A commit of the folder's bytes as they are. */
function commitRaw({ repository }: GitRig, folder: string): string {
  const attributes = join(repository.path, "info/attributes");
  mkdirSync(join(repository.path, "info"), { recursive: true });
  writeFileSync(attributes, "* -text !eol -ident !filter !working-tree-encoding\n");
  const hash = repository.commit(folder, "raw");
  rmSync(attributes);
  expect(readFileSync(join(repository.path, "HEAD"), "utf8")).toBe("ref: refs/heads/main\n");
  return hash;
}

function treeWith({ repository }: GitRig, line: string): string {
  return repository.input(`${line}\n`, "mktree", "--missing");
}
