import { type Report, renderFactsText } from "@deploy/core";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { configOf, openRig, type Rig } from "./rig.ts";

const words = (report: Report) =>
  report.hosts
    .flatMap(({ outcomes }) => outcomes.map((one) => one.problem?.message ?? one.detail ?? ""))
    .join("\n");

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "sudo",
  "nginx",
  "haproxy",
  "caddy",
  "supervisord",
  "php-fpm8.2",
)("servers' files, tried by the servers' own programs", () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig();
  }, 60_000);
  afterAll(() => rig?.close());

  const site = "server { listen 8088; server_name {{deploy.host}}; root {{deploy.current}}/public; }\n";
  const unit = "[Service]\nUser={{deploy.user}}\nExecStart=/bin/sh {{deploy.current}}/run.sh\n";

  const rows = [
    ["nginx", site, "server { listn 8088; }\n", 'unknown directive "listn" in'],
    [
      "php-fpm",
      "[shop]\nuser={{deploy.user}}\nlisten=127.0.0.1:9001\npm=static\npm.max_children=1\n",
      "[shop]\nlisten=127.0.0.1:9001\npm=never\n",
      "invalid process manager",
    ],
    ["systemd", unit, `${unit}Restrat=always\n`, "Unknown key 'Restrat'"],
    [
      "supervisor",
      "[program:shop]\ncommand=/bin/sleep 5\n",
      "[program:shop]\ncommand=/bin/sleep 5\nautostart=maybe\n",
      "not a valid boolean value: 'maybe'",
    ],
    [
      "haproxy",
      "defaults\n mode http\n timeout client 5s\n timeout server 5s\n timeout connect 5s\nlisten shop\n bind :8089\n",
      "listen shop\n bnd :8089\n",
      "unknown keyword 'bnd'",
    ],
    [
      "caddy",
      ":8090 {\n respond {{deploy.host}}\n}\n",
      ":8090 {\n respnd x\n}\n",
      "unrecognized directive: respnd",
    ],
  ] as const;

  test.each(rows)(
    "%s: bad syntax stops in prepare, in the server's own words",
    async (kind, good, bad, said) => {
      const asked = { configure: { files: [{ kind, from: "config/shop.service" }] } };
      const files = { "config/shop.service": bad, "run.sh": "#!/bin/sh\n" };
      const failed = await rig.deploy(files, asked);
      expect([failed.result, failed.problems[0]?.code]).toEqual(["failed", "config-refused"]);
      expect(words(failed)).toContain(said);
      const { result } = await rig.deploy(
        { ...files, "config/shop.service": good },
        { ...asked, phases: ["prepare"] },
      );
      expect(result).toBe("prepared");
    },
  );

  test("keys of certificates are root's: a pair of ours stands in for them", async () => {
    const tls =
      "server {\n listen 8443 ssl;\n ssl_certificate /etc/ssl/shop.crt;\n ssl_certificate_key /etc/ssl/shop.key;\n}\n";
    const configure = { files: [{ kind: "nginx", from: "shop.conf" }] };
    expect((await rig.deploy({ "shop.conf": tls }, { configure, phases: ["prepare"] })).result).toBe(
      "prepared",
    );
  });

  test("what stands on the host is compared, told in the plan and by status, and left alone", async () => {
    const asked = { configure: { files: [{ kind: "nginx", from: "shop.conf" }] } };
    const first = await rig.deploy({ "shop.conf": site }, asked);
    expect(first.result).toBe("deployed");
    expect(words(first)).toContain("/etc/nginx/conf.d/shop.conf is not there: install it by hand");
    await rig.root(
      "cat >/etc/nginx/conf.d/shop.conf",
      `server { listen 8088; server_name other; root /srv/shop/current/public; }\nset $api_token dG9rZW4;\n`,
    );
    const { plan, facts } = await rig.look({ "shop.conf": site }, asked);
    const [warning] = plan.warnings.filter((text) => text.includes("shop.conf"));
    expect(warning).toMatch(
      /\/etc\/nginx\/conf\.d\/shop\.conf is not as shop\.conf of the live release \(3 lines\): < server/,
    );
    expect(warning).toContain("> set ...");
    expect(plan.problems).toEqual([]);
    expect(renderFactsText(facts, configOf(asked))).toContain(`! ${warning}`);
    expect(words(await rig.deploy({ "shop.conf": site }, asked))).toContain("differs (3 lines)");
    expect(await rig.root("cat /etc/nginx/conf.d/shop.conf")).toContain("server_name other");
  });

  test("a placeholder that means nothing is refused by its file and line", async () => {
    const asked = { configure: { files: [{ kind: "nginx", from: "shop.conf" }] } };
    const { hosts } = await rig.deploy({ "shop.conf": "server {\n listen {{deploy.port}};\n}\n" }, asked);
    expect(hosts[0]?.outcomes.at(-1)?.problem).toMatchObject({
      code: "config-placeholder",
      message: "shop.conf:2: {{deploy.port}} is no placeholder",
    });
  });

  const activate = { reload: ["test ! -e broken"] };
  const own = (asked: object = {}) => ({
    activate,
    configure: { files: [{ kind: "systemd", from: "shop.service", level: "user" }], ...asked },
  });
  const unitOf = (name: string) => ({
    "shop.service": `[Service]\nEnvironment=NAME=${name}\nExecStart=/bin/sleep {{deploy.current}}\n`,
  });
  const place = "/home/deploy/.config/systemd/user/shop.service";
  const standing = () => rig.attempt(`sed -n 's/.*NAME=//p' ${place}`);
  const broken = (name: string) => ({ ...unitOf(name), broken: "" });

  test("a release that fails leaves nothing behind, and a unit of before as it was", async () => {
    const { result } = await rig.deploy(broken("one"), own());
    expect(result).toBe("reverted");
    expect(await rig.attempt(`ls ${place}`)).toContain("No such file");
    await rig.root(
      `install -d -o deploy $(dirname ${place}) && echo by hand >${place} && chown deploy ${place}`,
    );
    const drift = await rig.deploy(unitOf("one"), own());
    expect(drift.problems).toMatchObject([{ code: "config-drift" }]);
    expect(drift.problems[0]?.message).toContain("stood there before the first deploy");
    expect((await rig.deploy(broken("one"), own({ drift: "overwrite" }))).result).toBe("reverted");
    expect(await rig.root(`cat ${place}`)).toBe("by hand\n");
    await rig.root(`rm ${place}`);
  });

  test("the login writes a unit of its own systemd, and takes it back with the release", async () => {
    await rig.root("systemctl start dbus systemd-logind && loginctl enable-linger deploy");
    expect((await rig.deploy(unitOf("one"), own())).result).toBe("deployed");
    const seen =
      "runuser -u deploy -- env XDG_RUNTIME_DIR=/run/user/$(id -u deploy) systemctl --user show shop.service -p ExecStart --value";
    expect(await rig.root(seen)).toContain("/bin/sleep /srv/shop/current");
    expect((await rig.deploy(broken("two"), own())).result).toBe("reverted");
    expect(await standing()).toBe("0 one");
    expect((await rig.deploy(unitOf("three"), own())).result).toBe("deployed");
    expect(await standing()).toBe("0 three");
    expect((await rig.rollback(own())).result).toBe("deployed");
    expect(await standing()).toBe("0 one");
  });

  test("what somebody changed by hand stops a run before anything is touched, or is overwritten", async () => {
    await rig.root(`echo "Environment=SHOP_TOKEN=abcdefghijklmnop" >>${place}`);
    const { plan } = await rig.look(unitOf("four"), own());
    expect(plan.problems).toMatchObject([{ code: "config-drift", place: { host: plan.hosts[0]?.host } }]);
    expect(plan.problems[0]?.message).toContain("> Environment ...");
    expect(JSON.stringify(plan)).not.toContain("abcdefghijklmnop");
    expect((await rig.rollback(own())).result).toBe("failed");
    expect((await rig.deploy(unitOf("four"), own({ drift: "overwrite" }))).result).toBe("deployed");
    expect(await standing()).toBe("0 four");
  });

  test("what somebody writes in the middle of a run is left, and the others go back", async () => {
    const migrate = `echo '# in between' >>${place}`;
    const { result, problems } = await rig.deploy(unitOf("five"), { ...own(), migrate });
    expect([result, problems[0]?.code]).toEqual(["reverted", "config-drift"]);
    expect(await rig.root(`cat ${place}`)).toContain("NAME=four");
    expect(await rig.root(`tail -n 1 ${place}`)).toBe("# in between\n");
  });
});
