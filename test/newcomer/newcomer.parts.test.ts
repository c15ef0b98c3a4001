import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetHost, needs, type SshdFleet, sshdFleet } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { root } from "../../scripts/lib/root.ts";

/** What somebody has who never heard of us. */
const server = `const { createServer } = require("node:http");
createServer((request, response) => response.end("hello from " + process.cwd())).listen(process.env.PORT, "127.0.0.1");
`;

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "nginx",
)("an empty repository, a bare server, and nothing edited", () => {
  const folder = mkdtempSync(join(tmpdir(), "deploy-newcomer-"));
  let fleet: SshdFleet;
  const host = () => fleet.hosts[0] as FleetHost;
  /** The command as it is called in the folder of this app. */
  function deploy(app: string, ...args: readonly string[]) {
    const entry = join(root, "packages/cli/src/main.ts");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", entry, ...args],
      { cwd: join(folder, app), encoding: "utf8", env: { PATH: process.env.PATH, HOME: folder } },
    );
    return { status, stdout, said: stdout + stderr };
  }
  const asRoot = (script: string, input = "") => host().exec(["sh", "-c", script], input);

  beforeAll(async () => {
    // As Debian has it: everybody by the keys of their own home folder.
    const config = [
      "UsePAM yes",
      "StrictModes yes",
      "AuthorizedKeysFile .ssh/authorized_keys",
      "SetEnv LANG=C",
    ];
    fleet = await sshdFleet({ hosts: [{ systemd: true, config }] });
    // A machine that has booted lets people in.
    await asRoot("systemctl start systemd-user-sessions");
    for (const app of ["shop", "pages"]) mkdirSync(join(folder, app));
    writeFileSync(join(folder, "pages/index.html"), "<p>hello");
    writeFileSync(join(folder, "shop/server.js"), server);
    writeFileSync(join(folder, "shop/package.json"), '{"name":"shop","scripts":{"start":"node server.js"}}');
    writeFileSync(join(folder, "key"), fleet.keys.private, { mode: 0o600 });
    writeFileSync(join(folder, "key.pub"), fleet.keys.public);
    writeFileSync(join(folder, "pins"), `${host().knownHostsLine()}\n`);
  });
  afterAll(async () => {
    await fleet?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (app: string, commit: string) =>
    deploy(app, "run", "--yes", "--commit", commit, "--identity-file", "../key", "--known-hosts", "../pins");
  const page = async (path = "/", name = "shop") =>
    (await asRoot(`curl -fsS -H "Host: ${name}" http://127.0.0.1${path}`)).stdout;
  /** All that a person types before the first deploy. */
  async function begin(app: string, ...more: readonly string[]): Promise<void> {
    const { address, port } = host();
    expect(deploy(app, "init", "--hosts", `deploy@${address}:${port}`, ...more).status).toBe(0);
    const script = deploy(app, "init", "--server", "--key", "../key.pub", ...more).stdout;
    for (const time of ["first", "second"])
      expect([time, await asRoot("sh -s", script)]).toEqual([time, expect.objectContaining({ code: 0 })]);
  }

  test("a Node server: init, the server's script twice, and the first deploy serves", async () => {
    await begin("shop");
    expect(run("shop", "1".repeat(40))).toEqual(expect.objectContaining({ status: 0 }));
    expect(await page()).toMatch(/^hello from \/var\/www\/shop\/releases\/\d+T\d+Z-1111111$/);
  });

  test("its second release is served by another process, without root", async () => {
    expect(run("shop", "2".repeat(40)).status).toBe(0);
    expect(await page()).toMatch(/-2222222$/);
    expect((await asRoot("runuser -u deploy -- sudo -n true")).code).not.toBe(0);
  });

  test("pages under a name of their own, beside it: the proof is the release's id", async () => {
    await begin("pages", "--domain", "pages.test");
    expect(run("pages", "3".repeat(40))).toEqual(expect.objectContaining({ status: 0 }));
    expect([await page("/", "pages.test"), await page("/up", "pages.test")]).toEqual([
      "<p>hello",
      expect.stringMatching(/-3333333$/m),
    ]);
    expect(await page()).toMatch(/-2222222$/);
  });

  test("doctor has nothing against it, and finds what is broken then", async () => {
    const ask = () => deploy("shop", "doctor", "--identity-file", "../key", "--known-hosts", "../pins");
    const well = ask();
    expect([well.status, well.said]).toEqual([
      0,
      expect.stringContaining("0 stop · 0 warn · 3 not known · "),
    ]);
    const broken = [
      "chmod 700 /var/www",
      "echo APP_DEBUG=true >>/var/www/shop/shared/.env",
      "chmod 644 /var/www/shop/shared/.env",
      "rm /home/deploy/.config/systemd/user/shop.service",
      'runuser -u deploy -- env "XDG_RUNTIME_DIR=/run/user/$(id -u deploy)" systemctl --user stop shop',
      'runuser -u deploy -- env "XDG_RUNTIME_DIR=/run/user/$(id -u deploy)" systemctl --user daemon-reload',
    ];
    expect((await asRoot(`set -e\nchown deploy /var/www\n${broken.join("\n")}`)).code).toBe(0);
    const { status, stdout } = ask();
    const bad = stdout.split("\n").filter((line) => /^(stop|warn) /.test(line));
    const name = host().host.name;
    expect([status, bad]).toEqual([
      1,
      [
        `stop       ${name} shop.service of the login: there is no unit shop.service`,
        `warn       ${name} folders: /var/www lets only its owner in: nginx, who is neither, cannot read below it`,
        `warn       ${name} secrets: everybody on the server may read shared/.env`,
        `warn       ${name} debug: shared/.env sets APP_DEBUG as for a desk: visitors may be shown the code`,
        `warn       ${name} port: nobody listens on 8080, though a release is live`,
        `warn       ${name} health: http://127.0.0.1:8080/ did not answer: ${name} could not connect to http://127.0.0.1:8080/: Connection refused`,
      ],
    ]);
  });
});
