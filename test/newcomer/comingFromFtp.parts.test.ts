import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { blocksOf } from "../docs/blocks.ts";
import { commitOf, openWorld, type World } from "../faults/world.ts";

const run = promisify(execFile);

/** An account at a hoster that has FTP, and a desk with the site: what FTP-Deploy-Action is around, as a command. */
class Ftp {
  readonly desk = mkdtempSync(join(tmpdir(), "deploy-ftp-"));
  private readonly server;
  private said = "";

  constructor(home: string) {
    const options = ["--root", home, "--username", "shop", "--password", "secret", "--pasv-url", "127.0.0.1"];
    this.server = spawn("npx", ["--yes", "ftp-srv@4.6.3", "ftp://127.0.0.1:2121", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    this.server.stdout.on("data", (data) => {
      this.said += data;
    });
  }

  ready = () => until("an FTP server", async () => this.said.includes("Listening"));

  async deploy(files: Readonly<Record<string, string>>): Promise<void> {
    mkdirSync(join(this.desk, "site"), { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(this.desk, "site", path), text);
    const login = ["--server", "127.0.0.1", "--port", "2121", "--username", "shop", "--password", "secret"];
    const places = ["--local-dir", "./site/", "--server-dir", "public_html/"];
    await run("npx", ["--yes", "@samkirkland/ftp-deploy@1.2.5", ...login, ...places], { cwd: this.desk });
  }

  close(): void {
    process.kill(-(this.server.pid as number), "SIGKILL");
    rmSync(this.desk, { recursive: true, force: true });
  }
}

/** The guide's lines that have this in them. */
const lines = (part: string): string =>
  blocksOf("sh").find(
    ({ place, text }) => place.startsWith("docs/guides/coming-from.md") && text.includes(part),
  )?.text ?? "exit 1";

needs("sshd", "ip")("from FTP-Deploy-Action's own engine to us, and back to what it left", () => {
  let world: World;
  let ftp: Ftp;
  beforeAll(async () => {
    world = await openWorld({ hosts: 1 });
    ftp = new Ftp(world.fleet.hosts[0]?.home ?? "");
    await ftp.ready();
  });
  afterAll(async () => {
    ftp?.close();
    await world?.close();
  });

  test("the account's lines move the uploads, the link takes the root's place, and can be taken back", async () => {
    const [host] = world.fleet.hosts;
    const atHoster = async (script: string): Promise<string> => {
      const { code, stdout, stderr } = (await host?.exec(["sh", "-ec", `cd && ${script}`])) ?? {
        code: 1,
        stdout: "",
        stderr: "",
      };
      if (code !== 0) throw new Error(`${script}\n${stderr}`);
      return stdout;
    };
    await ftp.deploy({ "index.html": "one\n", "gone.html": "gone\n" });
    rmSync(join(ftp.desk, "site/gone.html"));
    await ftp.deploy({ "index.html": "two\n" });
    expect(await atHoster("ls -A public_html")).toBe(".ftp-deploy-sync-state.json\nindex.html\n");
    await atHoster("mkdir public_html/uploads && echo photo >public_html/uploads/photo");

    await atHoster(lines("mv ~/public_html/uploads"));
    expect(await atHoster("cat public_html/index.html public_html/uploads/photo")).toBe("two\nphoto\n");
    const config = { "deploy-to": "~/shop", shared: { directories: ["uploads"] }, activate: {} };
    world.write({ "index.html": "ours\n" });
    const report = await world.deploy(commitOf("a"), { config });
    expect([report.result, report.problems]).toEqual(["deployed", []]);
    expect(await atHoster("cat public_html/index.html")).toBe("two\n");

    await atHoster(lines("public_html.before"));
    expect(await atHoster("cat public_html/index.html public_html/uploads/photo public_html/RELEASE")).toBe(
      `ours\nphoto\n${report.release}\n`,
    );
    const [, back = "exit 1", again = ""] =
      /Back again is `([^`]+)` and `([^`]+)`/.exec(readFileSync("docs/guides/coming-from.md", "utf8")) ?? [];
    await atHoster(`${back} && ${again}`);
    expect(await atHoster("cat public_html/index.html public_html/uploads/photo")).toBe("two\nphoto\n");
    await ftp.deploy({ "index.html": "three\n" });
    expect(
      await atHoster("cat public_html/index.html public_html/uploads/photo shop/current/index.html"),
    ).toBe("three\nphoto\nours\n");
  });
});
