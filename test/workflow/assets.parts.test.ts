import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ActRun } from "./run.ts";
import { openSite, type Site } from "./site.ts";

/** What nginx would do. */
const serving = `if (request.url.startsWith("/assets/")) {
    try { return answer.end(readFileSync(join(here, "public", request.url))); } catch { answer.statusCode = 404; return answer.end("not found"); }
  }
  if (request.url === "/up")`;
const page = `<!doctype html><title>Shop</title>
<link rel="stylesheet" href="css/app.css"><script type="module" src="js/app.js"></script>
`;

needs(
  "act",
  "sshd",
  "ip",
  "curl",
  "versitygw",
)("assets in the called workflow", () => {
  let [s3, site] = [] as unknown as [S3Server, Site];

  beforeAll(async () => {
    s3 = await s3Server();
    site = await openSite("node-app", {
      secrets: { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey },
      config: `assets:
  output: build/public/assets
  publish: s3://${s3.bucket}/shop
  endpoint: ${s3.endpoint}
  region: ${s3.region}
`,
    });
    const { caller } = site;
    const server = caller.read("src/server.mjs");
    caller.write(
      "src/server.mjs",
      server
        .replace('if (request.url === "/up")', serving)
        .replace("{ readdirSync,", "{ readdirSync, readFileSync,"),
    );
    // Hosts of this test see the store's disk: what lay there when they switched?
    const list = `find '${join(s3.folder, s3.bucket)}' -type f >"$DEPLOY_SHARED_PATH/log/published"`;
    caller.write("bin/reload.sh", caller.read("bin/reload.sh").replace("set -eu\n", `set -eu\n${list}\n`));
    caller.write("assets/_colours.scss", "$tea: #663311;\n");
    caller.write("assets/js/app.js", 'export function greet(name) {\n  return "Hello " + name;\n}\n');
    caller.write("assets/index.html", page);
  });
  afterAll(async () => {
    await Promise.all([site?.close(), s3?.stop()]);
  });

  async function deploy(width: number): Promise<ActRun> {
    site.caller.write(
      "assets/css/app.scss",
      `@use "../colours";\nbody { main { color: colours.$tea; width: ${width}px } }\n`,
    );
    site.caller.commit();
    const run = await site.run("deploy.yml");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    expect([s3.secretKey, s3.accessKey].filter((secret) => run.log.includes(secret))).toEqual([]);
    return run;
  }
  const files = (folder: string): readonly string[] =>
    (readdirSync(folder, { recursive: true }) as string[])
      .filter((path) => statSync(join(folder, path)).isFile() && /\.(css|js|html)$/.test(path))
      .sort();
  const onHosts = () => site.fleet.hosts.map((host) => files(join(host.root, "shop/current/public/assets")));
  const inStore = () => files(join(s3.folder, s3.bucket, "shop"));
  const served = (path: string) =>
    Promise.all(
      site.fleet.hosts.map(async (host) => {
        const url = `http://127.0.0.1:8080/assets/${path}`;
        return (await host.exec(["curl", "-sS", "--fail", "--max-time", "5", url])).stdout;
      }),
    );
  const everywhere = <T>(value: T) => Array(3).fill(value);

  let [first, script] = ["", ""];

  test("are built in the job without secrets, published before the switch, and served by every host", async () => {
    const run = await deploy(100);
    const [html = ""] = await served("index.html");
    [first = "", script = ""] = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, path = ""]) => path);
    expect([first, script]).toEqual([
      expect.stringMatching(/^css\/app-[0-9a-f]{12}\.css$/),
      expect.stringMatching(/^js\/app-[0-9a-f]{12}\.js$/),
    ]);
    expect(await served(first)).toEqual(everywhere("body main{color:#631;width:100px}"));
    expect(onHosts()).toEqual(everywhere([first, "index.html", script]));
    expect(inStore()).toEqual([first, "index.html", script]);
    for (const host of site.fleet.hosts) {
      const atSwitch = readFileSync(join(host.root, "shop/shared/log/published"), "utf8");
      expect([first, "index.html", script].filter((path) => !atSwitch.includes(`/shop/${path}\n`))).toEqual(
        [],
      );
    }
    expect(run.jobs).toEqual({ pack: "success", plan: "success", deploy: "success" });
  });

  test("of the release before stay: on the hosts for open pages, in the store as the union", async () => {
    await deploy(200);
    const [html = ""] = await served("index.html");
    const [second = ""] = html.match(/css\/app-[0-9a-f]{12}\.css/) ?? [];
    expect(second).not.toBe(first);
    expect([await served(first), await served(second)]).toEqual([
      everywhere("body main{color:#631;width:100px}"),
      everywhere("body main{color:#631;width:200px}"),
    ]);
    const union = [...[first, second].sort(), "index.html", script];
    expect([onHosts(), inStore()]).toEqual([everywhere(union), union]);
  });
});
