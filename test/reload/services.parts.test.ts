import { parseConfig, type Service } from "@deploy/core";
import { needs, type SshdFleet, sshdFleet } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "sudo",
)("what is looked at before a service is told", () => {
  let fleet: SshdFleet;
  const host = () => fleet.hosts[0] as SshdFleet["hosts"][number];
  const root = async (script: string, input = "") => {
    const { code, stderr, stdout } = await host().exec(["sh", "-c", script], input);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };
  const unit = (text: string) =>
    root(
      "cat >/etc/systemd/system/shop.service && systemctl daemon-reload && systemctl restart shop",
      `[Service]\n${text}`,
    );
  /** What the check of this service says to a user who is not root; "" where it is content. */
  const check = async (service: object) => {
    const text = JSON.stringify({
      app: "shop",
      "deploy-to": "/srv/shop",
      environments: { production: { hosts: ["deploy@web1"] } },
      activate: { service },
    });
    const [{ commands }] = parseConfig(text, { file: "deploy.yml" }).activate.service as unknown as readonly [
      Service,
    ];
    return (
      await host().exec(["runuser", "-u", "deploy", "--", "sh", "-c", commands.check ?? ""])
    ).stderr.trim();
  };
  beforeAll(async () => {
    fleet = await sshdFleet({ hosts: [{ systemd: true }] });
    await root("useradd -m -s /bin/sh deploy");
  }, 60_000);
  afterAll(() => fleet?.close());

  const systemd = { kind: "systemd", unit: "shop.service", sudo: false };
  const reloads = "ExecReload=/bin/true\n";
  const gunicorn = { kind: "gunicorn", unit: "shop.service", sudo: false };

  test("a unit that is not there, or does not run", async () => {
    expect(await check(systemd)).toBe("deploy: there is no unit shop.service");
    await unit("ExecStart=/bin/sleep 1000\n");
    expect(await check(systemd)).toBe("");
    await root("systemctl stop shop");
    expect(await check(systemd)).toBe("deploy: shop.service is not running: start it first");
  });

  test("a unit that cannot be reloaded, or would serve one release for ever", async () => {
    await unit("ExecStart=/bin/sleep 1000\n");
    expect(await check(gunicorn)).toBe("deploy: shop.service has no ExecReload=");
    await root("mkdir -p /srv/shop/releases/1 && ln -sfn releases/1 /srv/shop/current");
    await unit(`WorkingDirectory=/srv/shop/current\nExecStart=/bin/sleep 1000\n${reloads}`);
    expect(await check(gunicorn)).toContain("would serve one release for ever: name the folder by --chdir");
    await unit(`WorkingDirectory=/srv\nExecStart=/bin/sh -c "sleep 1000" --preload\n${reloads}`);
    expect(await check(gunicorn)).toContain("has --preload");
    await unit(`WorkingDirectory=/srv\nExecStart=/bin/sleep 1000\n${reloads}`);
    expect(await check(gunicorn)).toBe("");
  });

  test("sudo counts by the very line, whatever else is allowed", async () => {
    await unit("ExecStart=/bin/sleep 1000\n");
    const asked = { ...systemd, sudo: true };
    const line = "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart shop.service";
    const allow = (rules: string) =>
      root("cat >/etc/sudoers.d/deploy && chmod 440 /etc/sudoers.d/deploy", rules);
    expect(await check(asked)).toBe(`deploy: sudo asks for a password: add "${line}" to sudoers`);
    await allow("deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart shop\ndeploy ALL=(root) ALL\n");
    expect(await check(asked)).toContain("sudo asks for a password");
    await allow(`deploy ALL=(root) NOPASSWD: /usr/bin/true, /usr/bin/systemctl restart shop.service\n`);
    expect(await check(asked)).toBe("");
  });

  test("a user's own unit needs lingering", async () => {
    const said = await check({ kind: "systemd-user", unit: "shop.service" });
    expect(said).toContain("sudo loginctl enable-linger deploy");
  });
});
