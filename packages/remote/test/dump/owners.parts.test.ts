import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { checkSwap, dump, inspectSource, type Source } from "../../src/index.ts";
import { binSh } from "../host.ts";
import { type DumpHost, dumpHost } from "./host.ts";

/** Who deploys, in the web server's group; and the web server. */
const [me, web] = [4_711, 33];
const odd = "up/naïve\n\\303 -> 'x'";

// Only root can make files that are others'.
needs("ip", "python3")("whose files come back", () => {
  let logins: string;
  let host: DumpHost;
  let base: string;
  let source: Source;
  beforeEach(() => {
    logins = mkdtempSync(join(tmpdir(), "logins-"));
    chmodSync(logins, 0o755);
  });
  afterEach(() => {
    host.remove();
    rmSync(logins, { recursive: true });
  });
  /** A host on which a command's line runs behind these words. */
  const open = (...words: readonly string[]) => {
    const login = join(logins, "login");
    writeFileSync(login, `#!/bin/sh\nexec ${words.join(" ")} /bin/sh "$@"\n`, { mode: 0o755 });
    host = dumpHost(binSh, login);
    base = join(host.home, "base");
    source = { kind: "files", base, paths: ["up"] };
    mkdirSync(join(base, "up/sub"), { recursive: true });
    writeFileSync(join(base, "up/theirs"), "x", { mode: 0o644 });
    writeFileSync(join(base, odd), "y");
    execFileSync("chown", ["-R", `${me}:${me}`, host.home]);
    chownSync(join(base, "up/theirs"), web, web);
    for (const each of ["up/sub", odd]) chownSync(join(base, each), me, web);
    chmodSync(join(base, odd), 0o660);
    chmodSync(join(base, "up/sub"), 0o2775);
  };
  const asMe = ["setpriv", "--reuid", `${me}`, "--regid", `${me}`, "--groups", `${me},${web}`];
  const whose = (root: string) =>
    ["up", "up/theirs", odd, "up/sub"].map((name) => {
      const { uid, gid, mode } = lstatSync(join(root, name));
      return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
    });
  const back = async () => {
    const into = join(host.home, "back");
    const taken = await host.take(dump(source, { compression: "none" }), source);
    return [await host.restore(source, taken, { into }), whose(into)];
  };

  test("root gives back owners, groups, modes and ACLs", async () => {
    open();
    const acl =
      "import os,struct,sys; os.setxattr(sys.argv[1], 'system.posix_acl_access', struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *e) for e in [(1, 6, 0xffffffff), (2, 6, 1234), (4, 4, 0xffffffff), (16, 6, 0xffffffff), (32, 0, 0xffffffff)]))";
    execFileSync("python3", ["-c", acl, join(base, "up/theirs")]);
    const before = whose(base);
    expect(await back()).toEqual([{ tables: 2, warnings: [] }, before]);
    const listed = execFileSync("ls", ["-l", join(host.home, "back/up/theirs")], { encoding: "utf8" });
    expect(listed).toMatch(/^-rw-rw----\+ /);
  });

  test("anybody else the groups they are in, and what is lost is told before a swap", async () => {
    open(...asMe);
    const told =
      "1 files and folders are not 4711's: a restore by 4711 cannot give them back to whom they belong";
    expect((await host.askOf(inspectSource(source), source)).warnings).toEqual([told]);
    const lost =
      "1 of 4 files and folders (33/33) belonged to another user or group, by number, and are 4711's now: as root, chown them, or the application may not write there";
    expect(await back()).toEqual([
      { tables: 2, warnings: [lost] },
      ["4711:4711 755", "4711:33 644", "4711:33 660", "4711:33 2775"],
    ]);
  });

  test("what cannot be swapped is refused, and told with each backup", async () => {
    const why = async () => {
      const [code, message] = await host.refusedOf(checkSwap(source), source);
      const { warnings } = await host.askOf(inspectSource(source), source);
      const words = `${message}`.replace("the folders cannot be replaced: ", "").replaceAll(base, "BASE");
      const warned = warnings.some((text) => text.replaceAll(base, "BASE").endsWith(`are: ${words}`));
      return [code, words, warned];
    };
    open(...asMe);
    expect(await why()).toEqual(["ok", "undefined", false]);
    chownSync(join(base, "up"), web, web);
    expect(await why()).toEqual([
      "restore-refused",
      "4711 may not write in BASE/up, so it cannot be moved",
      true,
    ]);
    chmodSync(base, 0o555);
    expect(await why()).toEqual(["restore-refused", "4711 may not write in BASE", true]);
    host.remove();
    const mount = 'mount --bind "$HOME/base/up" "$HOME/base/up" && exec /bin/sh "$@"';
    open("unshare", "-m", "sh", "-c", `'${mount}'`);
    expect(await why()).toEqual(["restore-refused", "BASE/up is a mount point", true]);
    host.remove();
    open("unshare", "-m", "sh", "-c", `'${mount.replace('--bind "$HOME/base/up"', "-t tmpfs none")}'`);
    expect((await why())[0]).toBe("restore-refused");
  });
});
