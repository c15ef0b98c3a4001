import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Config, filesOf, helperPath } from "@deploy/core";
import { configureHelper } from "@deploy/remote";
import { type FleetHost, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runCommand } from "./command.ts";
import { type Asked, configOf, openRig, type Rig } from "./rig.ts";

const level = "apply";
const asked: Asked = {
  configure: {
    files: [
      { kind: "nginx", from: "shop.conf", level },
      { kind: "php-fpm", from: "pool.conf", level },
      { kind: "systemd", from: "shop.service", level },
    ],
  },
  activate: { reload: ["test ! -e broken", "sudo -n systemctl reload-or-restart nginx.service"] },
};
const site = (name: string) =>
  `server { listen 127.0.0.1:8088; location / { add_header Content-Type text/plain; return 200 "${name} {{deploy.app}}\\n"; } }\n`;
const pool =
  "[shop]\nuser = {{deploy.user}}\nlisten = /run/php/shop.sock\npm = static\npm.max_children = 1\n";
const unit = "[Service]\nUser={{deploy.user}}\nExecStart=/bin/sh {{deploy.current}}/run.sh\n";
const app = (name: string) => ({
  ...{ "shop.conf": site(name), "pool.conf": pool, "shop.service": unit, "run.sh": "" },
});
const served = "curl -s http://127.0.0.1:8088/";

async function install(rig: Rig, config: Config): Promise<string> {
  const path = helperPath(config);
  const { script, sudoers } = configureHelper({
    path,
    user: "deploy",
    base: config.deployTo,
    files: filesOf(config),
  });
  await rig.root(`cat >${path} && chmod 755 ${path}`, script);
  const reload = "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl reload-or-restart nginx.service";
  await rig.root(`cat >${sudoers.file} && chmod 440 ${sudoers.file}`, `${sudoers.line}\n${reload}\n`);
  return path;
}

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "sudo",
  "nginx",
  "curl",
  "php-fpm8.2",
)("servers' files, written by root's helper", () => {
  let rig: Rig;
  let helper: string;
  /** What the helper says to a file that the deploy user hands to it itself; the live one is as it was. */
  const handed = async (to: string, text: string, verb = "apply") => {
    const folder = "/srv/shop/.deploy/configure/root";
    const key = to.replaceAll("/", "=");
    const as = "runuser -u deploy --";
    await rig.root(
      `rm -rf ${folder} && ${as} mkdir -p ${folder}/put && ${as} tee ${folder}/put/${key} >/dev/null`,
      text,
    );
    return rig.attempt(`${as} sudo -n ${helper} ${verb}`);
  };
  beforeAll(async () => {
    rig = await openRig();
    await rig.root("rm -f /etc/nginx/sites-enabled/*; systemctl start nginx");
  }, 60_000);
  afterAll(() => rig?.close());

  test("without the helper a run ends before anything is touched, and says what prints it", async () => {
    const { result, problems } = await rig.deploy(app("one"), asked);
    expect([result, problems[0]?.code]).toEqual(["failed", "config-helper"]);
    helper = await install(rig, configOf(asked));
  });

  test("files change with the release, before the reload, and go back with it", async () => {
    expect((await rig.deploy(app("one"), asked)).result).toBe("deployed");
    expect(await rig.root(served)).toBe("one shop\n");
    expect(await rig.root("systemctl show shop.service -p ExecStart --value")).toContain(
      "/srv/shop/current/run.sh",
    );
    expect((await rig.deploy({ ...app("two"), broken: "" }, asked)).result).toBe("reverted");
    expect(await rig.root(served)).toBe("one shop\n");
    expect((await rig.deploy(app("three"), asked)).result).toBe("deployed");
    expect(await rig.root(served)).toBe("three shop\n");
    expect((await rig.rollback(asked)).result).toBe("deployed");
    expect(await rig.root(served)).toBe("one shop\n");
  });

  test("a run that dies between rename and reload is ended by the next", async () => {
    const to = "/etc/nginx/conf.d/shop.conf";
    const [{ root }] = rig.fleet.hosts as readonly [FleetHost];
    const put = join(root, "shop/.deploy/configure/put", to.replaceAll("/", "="));
    const died = await runCommand(rig.fleet, app("four"), asked, () =>
      readFileSync(put, "utf8").includes("four"),
    );
    expect([died.code, await rig.root(`grep -c four ${to}`), await rig.root(served)]).toEqual([
      null,
      "1\n",
      "one shop\n",
    ]);
    const { code, said } = await runCommand(rig.fleet, app("four"), asked);
    expect([code, code === 0 ? "" : said]).toEqual([0, ""]);
    expect(await rig.root(served)).toBe("four shop\n");
  });

  test("what somebody wrote there by hand stops the run", async () => {
    await rig.root("echo '# by hand' >>/etc/nginx/conf.d/shop.conf");
    const { result, problems } = await rig.deploy(app("five"), asked);
    expect([result, problems[0]?.message]).toEqual(["failed", expect.stringContaining("> # by hand")]);
    const configure = { ...asked.configure, drift: "overwrite" };
    expect((await rig.deploy(app("five"), { ...asked, configure })).result).toBe("deployed");
    expect(await rig.root(served)).toBe("five shop\n");
  });

  const nginx = "/etc/nginx/conf.d/shop.conf";
  const fpm = "/etc/php/8.2/fpm/pool.d/shop.conf";
  const systemd = "/etc/systemd/system/shop.service";
  const service = "[Service]\nUser=deploy\nExecStart=/bin/true\n";
  const evil: readonly (readonly [string, string, string, string])[] = [
    ["a module", nginx, "load_module modules/x.so;\n", "load_module is not allowed"],
    ["a quoted directive", nginx, 'server { "access_log" /etc/cron.d/x; }\n', "no plain directive"],
    [
      "a log of root's",
      nginx,
      "server {\n access_log /etc/cron.d/x;\n}\n",
      "line 2: access_log is only allowed",
    ],
    [
      "a folder that root would give away",
      nginx,
      "client_body_temp_path /etc;\n",
      "client_body_temp_path is not allowed",
    ],
    [
      "an include of root's files",
      nginx,
      "map $a $b { include /etc/shadow; }\n",
      "include is not allowed here",
    ],
    [
      "code behind a comment that is none",
      nginx,
      "server { root /a#b; perl_modules /tmp; }\n",
      "perl_modules is not allowed",
    ],
    ["bad syntax", nginx, "server { listen x:y; }\n", "invalid port"],
    ["more than 64 KiB", nginx, "#".repeat(70_000), "larger than 64 KiB"],
    ["control characters", nginx, "server {\0}\n", "control characters"],
    ["a pool of root's", fpm, pool.replace("{{deploy.user}}", "root"), "user must be deploy"],
    ["a pool's include", fpm, "[shop]\ninclude=/etc/shadow\n", "include is not allowed"],
    [
      "a pool that says what is everybody's",
      fpm,
      "[GLOBAL]\nerror_log=/etc/cron.d/x\n",
      "[GLOBAL] is not allowed",
    ],
    ["a unit of root's", systemd, service.replace("=deploy", "=root"), "User must be deploy"],
    ["a unit of nobody's", systemd, "[Service]\nExecStart=/bin/true\n", "needs User=deploy"],
    [
      "a command with root's rights",
      systemd,
      `${service}ExecStartPre=+/bin/true\n`,
      "ExecStartPre is not allowed",
    ],
    [
      "root's files as variables",
      systemd,
      `${service}EnvironmentFile=/etc/shadow\n`,
      "EnvironmentFile is not allowed",
    ],
    ["a line that goes on", systemd, `${service}Environment=A=\\\nUser=root\n`, "goes on in the next"],
    ["a key that means nothing", systemd, `${service}Type=wrong\n`, "wrong"],
  ];
  test("two at once wait for each other", async () => {
    const one = `runuser -u deploy -- sudo -n ${helper} apply`;
    await handed("/etc/nginx/conf.d/shop.conf", site("six"), "check");
    expect(await rig.attempt(`${one} & ${one} && wait $!`)).toBe("0");
    expect(await rig.root("ls /etc/nginx/conf.d /run | grep deploy")).toBe("deploy-configure.lock\n");
  });

  test("what would give root away is refused, and nothing is written", async () => {
    const files = [nginx, fpm, systemd].join(" ");
    const before = await rig.root(`cat ${files}`);
    const said: string[] = [];
    for (const [what, to, text, why] of evil) {
      const answer = await handed(to, text);
      if (!/^6[56] /.test(answer) || !answer.includes(why)) said.push(`${what}: ${answer}`);
    }
    expect(said).toEqual([]);
    expect(await rig.root(`cat ${files}`)).toBe(before);
  }, 60_000);

  test("links lead nowhere, and sudo allows no other word", async () => {
    const folder = "/srv/shop/.deploy/configure/root/put";
    const key = nginx.replaceAll("/", "=");
    await handed(nginx, "");
    await rig.root(`ln -sf /etc/shadow ${folder}/${key}`);
    expect(await rig.attempt(`runuser -u deploy -- sudo -n ${helper} apply`)).toBe(
      `66 what is to be ${nginx} is a link`,
    );
    expect(await handed(nginx, "", "apply /etc/cron.d/x")).toContain("password is required");
    await rig.root(`mv ${nginx} /tmp/kept && ln -s /tmp/kept ${nginx}`);
    expect(await handed(nginx, site("x"))).toBe(`66 ${nginx} is a link`);
    await rig.root(`rm ${nginx} && mv /tmp/kept ${nginx}`);
  });
});
