import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openSite, type Site } from "./site.ts";

const path = (name: string): string => `.github/workflows/${name}.yml`;
const config = ".github/deploy.yml";

needs(
  "act",
  "sshd",
  "ip",
  "curl",
)("several environments, and several apps of one repository", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite("node-app");
    const { caller, fleet } = site;
    const [web1, web2, web3] = fleet.hosts.map(({ address }) => `root@${address}`);
    const environments = `environments:\n  europe: { hosts: ["${web1}"] }\n  america: { hosts: ["${web2}"] }\n`;
    caller.write(config, caller.read(config).replace(/^environments:[\s\S]*/m, environments));
    const calling = caller.read(path("deploy"));
    // As the guide "workflows" has both.
    const matrix =
      "strategy:\n      matrix: { environment: [europe, america] }\n      max-parallel: 1\n    uses:";
    caller.write(
      path("both"),
      calling
        .replace("uses:", matrix)
        .replace("environment: production", `environment: "\${{ matrix.environment }}"`),
    );
    const admin = "environment: production, config: .github/deploy-admin.yml";
    caller.write(path("admin"), calling.replace("environment: production", admin));
    caller.write("apps/admin/public/index.html", "<h1>Admin</h1>\n");
    caller.write(
      ".github/deploy-admin.yml",
      `app: admin\nsource: apps/admin\ndeploy-to: ${fleet.hosts[0]?.srv}/admin\nenvironments: { production: { hosts: ["${web2}", "${web3}"] } }\n`,
    );
    caller.commit();
  });
  afterAll(() => site?.close());

  const root = (at: number) => site.fleet.hosts[at]?.root ?? "";

  test("a matrix deploys to each environment in turn, each by a plan of its own", async () => {
    const run = await site.run("both.yml");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    const [europe, america, none] = site.live();
    expect([europe, america, none]).toEqual([expect.any(String), expect.any(String), undefined]);
    expect(await Promise.all((await site.answers()).slice(0, 2))).toEqual(
      [europe, america].map((release) => release?.replace("releases/", "")),
    );
    expect(site.migrations().map((lines) => lines.length)).toEqual([1, 1, 0]);
  });

  test("an app of the same repository is packed from its own folder, and the other one is not touched", async () => {
    const before = [site.live(), site.migrations()];
    const run = await site.run("admin.yml");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    for (const at of [1, 2]) {
      const current = join(root(at), "admin/current");
      expect(readlinkSync(current)).toBe(`releases/${run.outputs.plan?.release}`);
      expect(readFileSync(join(current, "public/index.html"), "utf8")).toBe("<h1>Admin</h1>\n");
      expect(existsSync(join(current, "src"))).toBe(false);
    }
    expect([site.live(), site.migrations()]).toEqual(before);
  });

  test("an app whose folder is another's is refused before anything is touched", async () => {
    const { caller } = site;
    const mine = caller.read(".github/deploy-admin.yml");
    caller.write(".github/deploy-admin.yml", mine.replace(/(deploy-to: .*)admin/, "$1shop"));
    caller.commit();
    const trees = site.trees();
    const run = await site.run("admin.yml");
    expect(run.log).toContain("deploy-to-taken");
    expect([run.code, run.jobs.plan, run.jobs.deploy === "success"]).toEqual([1, "failure", false]);
    expect(site.trees()).toEqual(trees);
  });
});
