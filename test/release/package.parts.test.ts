import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { needs, sshdFleet } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { releaseTree } from "../workflow/tree.ts";

let folder: string;
const command = () => join(folder, "desk/node_modules/.bin/deploy");

/** The Node of whoever installs it: the machine's own, not the one that runs our tests. */
const path = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((each) => each !== dirname(process.execPath))
  .join(delimiter);

/** The command in the desk's project, or below it. */
function deploy(args: readonly string[], below = ".") {
  const { status, stdout, stderr } = spawnSync(command(), args, {
    cwd: join(folder, "desk", below),
    encoding: "utf8",
    env: { PATH: path, HOME: folder },
  });
  return { status, stdout, stderr };
}

/** Packed and installed as npm does it for anybody; nothing else has to be fetched. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deploy-npm-"));
  for (const name of ["packed", "desk/src"]) mkdirSync(join(folder, name), { recursive: true });
  const npm = (args: readonly string[], cwd: string) =>
    execFileSync("npm", args, { cwd, stdio: "pipe", env: { PATH: process.env.PATH, HOME: folder } });
  npm(["pack", "--ignore-scripts", "--pack-destination", join(folder, "packed")], await releaseTree());
  const [packed = ""] = readdirSync(join(folder, "packed"));
  npm(
    ["install", "--offline", "--no-audit", "--no-fund", join(folder, "packed", packed)],
    join(folder, "desk"),
  );
  execFileSync("git", ["init", "-q", join(folder, "desk")]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the packed command runs, without the sources and without another package", () => {
  expect(readdirSync(join(folder, "desk/node_modules")).filter((name) => !name.startsWith("."))).toEqual([
    "@org",
  ]);
  expect(deploy(["--version"])).toEqual({ status: 0, stdout: "0.0.0\n", stderr: "" });
  expect(deploy(["help"]).status).toBe(0);
});

test("from a folder below, it begins the repository, and then works in it", () => {
  expect(deploy(["init"], "src").status).toBe(0);
  expect(readdirSync(join(folder, "desk/src"))).toEqual([]);
  const workflow = readFileSync(join(folder, "desk/.github/workflows/deploy.yml"), "utf8");
  expect(workflow).toContain("uses: org/deploy/.github/workflows/deploy.yml@v1\n");
  const { status, stderr } = deploy(["plan", "--commit", "1111111"], "src");
  expect([status, stderr]).toEqual([2, expect.stringContaining("known_hosts")]);
});

test("whoever stops reading it early breaks nothing", () => {
  const script = `${JSON.stringify(command())} help | head -n 1; echo "\${PIPESTATUS[0]}"`;
  expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toMatch(/^Usage: deploy .*\n0\n$/);
});

needs("sshd")("on a server", () => {
  test("it deploys, builds of its own machine included", async () => {
    const fleet = await sshdFleet({ hosts: 1, namespaces: false });
    try {
      const hosts = fleet.hosts.map(({ address, port, username }) => ({ address, port, username }));
      const config = {
        app: "shop",
        source: "public",
        build: ["mkdir -p public && node --version > public/node"],
        "deploy-to": `${fleet.hosts[0]?.srv}/shop`,
        environments: { production: { hosts } },
      };
      const desk = join(folder, "desk");
      mkdirSync(join(desk, ".github"), { recursive: true });
      writeFileSync(join(desk, ".github/deploy.yml"), JSON.stringify(config));
      writeFileSync(join(folder, "pins"), fleet.hosts.map((host) => `${host.knownHostsLine()}\n`).join(""));
      writeFileSync(join(folder, "key"), fleet.keys.private, { mode: 0o600 });
      const login = ["--known-hosts", "../../pins", "--identity-file", "../../key"];
      const { status, stdout, stderr } = deploy(["run", "--yes", "--commit", "1111111", ...login], "src");
      expect([status, stdout, stderr]).toEqual([0, expect.stringContaining("DEPLOYED"), ""]);
      const told = fleet.hosts.map(({ srv }) => readFileSync(join(srv, "shop/current/node"), "utf8"));
      expect(told).toEqual([expect.stringMatching(/^v2\d/)]);
    } finally {
      await fleet.close();
    }
  });
});
