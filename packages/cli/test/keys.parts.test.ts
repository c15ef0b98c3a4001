import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needs, type SshdFleet, sshdFleet } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

/** gh, as far as it is asked here: it keeps what it is given, by name. */
const gh = `#!/bin/sh
[ "$1 $2" = "secret set" ] && cat >"$HOME/$3"
`;

needs("sshd")("init --keys", () => {
  let fleet: SshdFleet;
  beforeAll(async () => {
    fleet = await sshdFleet({ hosts: 1, namespaces: false });
  });
  afterAll(() => fleet?.close());

  /** A desk: its home, a folder of programs, a repository. */
  function desk(programs: Readonly<Record<string, string>> = { gh }) {
    const home = newFolder();
    for (const folder of ["bin", "shop"]) mkdirSync(join(home, folder));
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(join(home, "bin", name), text);
      chmodSync(join(home, "bin", name), 0o755);
    }
    const env = { HOME: home, PATH: `${join(home, "bin")}:${process.env.PATH}` };
    const keys = async (typed?: string, port = fleet.hosts[0]?.port) => {
      const io = recordedIo({ cwd: join(home, "shop"), env, ...(typed === undefined ? {} : { typed }) });
      const hosts = `deploy@127.0.0.1:${port}`;
      return { code: await main(["init", "--keys", "--hosts", hosts], io), out: io.out(), err: io.err() };
    };
    const read = (path: string) => readFileSync(join(home, path), "utf8");
    return { home, keys, read };
  }

  test("GitHub gets what a person compared, and a second run replaces nothing", async () => {
    const { home, keys, read } = desk();
    const { code, out } = await keys("yes\n");
    expect([code, statSync(join(home, ".ssh/deploy-shop")).mode & 0o777]).toEqual([0, 0o600]);
    expect(out).toMatch(/^256 SHA256:\S+ \[127\.0\.0\.1\]:\d+ \(ED25519\)$/m);
    expect(read("shop/known_hosts.deploy")).toContain(fleet.hosts[0]?.knownHostsLine().split(" ")[2]);
    expect([read("SSH_PRIVATE_KEY"), read("SSH_KNOWN_HOSTS")]).toEqual([
      read(".ssh/deploy-shop"),
      read("shop/known_hosts.deploy"),
    ]);
    const again = await keys("yes\n");
    expect(again.out).toContain(`kept  ${join(home, ".ssh/deploy-shop")}`);
    expect(again.out).toContain(`kept  ${join(home, "shop/known_hosts.deploy")}`);
    expect(out + again.out).not.toContain("PRIVATE KEY---");
  });

  test.each([["no\n"], [undefined]])("typed %j: GitHub gets nothing", async (typed) => {
    const { home, keys } = desk();
    expect((await keys(typed)).code).toBe(0);
    expect(existsSync(join(home, "SSH_PRIVATE_KEY"))).toBe(false);
  });

  test("without gh, or where it refuses, that is said and nothing is lost", async () => {
    const { keys } = desk({ gh: "#!/bin/sh\necho 'run: gh auth login' >&2\nexit 4\n" });
    const { code, err } = await keys("yes\n");
    expect([code, err]).toEqual([0, expect.stringContaining("GitHub was not told: gh: run: gh auth login")]);
  });

  test("a server that does not answer is named, and pins nobody", async () => {
    const { home, keys } = desk();
    const { code, err } = await keys("yes\n", 9);
    expect([code, err]).toEqual([2, expect.stringContaining("127.0.0.1 answers no ssh on port 9")]);
    expect(existsSync(join(home, "shop/known_hosts.deploy"))).toBe(false);
  });
});
