import { parseConfig, type Service } from "@deploy/core";
import { needs, type SshdFleet, sshdFleet } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "sudo",
  "nginx",
  "php-fpm8.2",
  "redis-server",
  "sidekiq",
  "celery",
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
  const asDeploy = ["runuser", "-u", "deploy", "--", "env", "DEPLOY_TO=/srv/shop"];
  const commandsOf = (service: object) => {
    const text = JSON.stringify({
      app: "shop",
      "deploy-to": "/srv/shop",
      environments: { production: { hosts: ["deploy@web1"] } },
      activate: { service },
    });
    const [{ commands }] = parseConfig(text, { file: "deploy.yml" }).activate.service as unknown as readonly [
      Service,
    ];
    return commands;
  };
  /** What the check of this service says to a user who is not root; "" where it is content. */
  const check = async (service: object) =>
    (await host().exec([...asDeploy, "sh", "-c", commandsOf(service).check ?? ""])).stderr.trim();
  beforeAll(async () => {
    fleet = await sshdFleet({ hosts: [{ systemd: true }] });
    await root("useradd -m -s /bin/sh deploy");
    await root("systemd-run --unit=queue redis-server; until redis-cli ping; do sleep 0.1; done");
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

  test("a config that preloads the application", async () => {
    await root("cat >/srv/app.rb", "preload_app true\npreload_app!\n");
    for (const [kind, option] of Object.entries({ unicorn: "-c", puma: "-C" })) {
      await unit(`ExecStart=/bin/sh -c "sleep 1000" ${option} /srv/app.rb\n${reloads}`);
      const said = await check({ ...gunicorn, kind });
      expect(said).toContain("/srv/app.rb preloads the application");
    }
  });

  test("PHP that would serve one release for ever, or cut requests", async () => {
    await root("systemctl start php8.2-fpm");
    const php = { kind: "php-fpm", sudo: false };
    expect(await check(php)).toContain("would cut the requests in flight: set process_control_timeout");
    await root("echo 'process_control_timeout = 30s' >>/etc/php/8.2/fpm/php-fpm.conf");
    expect(await check(php)).toBe("");
    const site = (script: string) =>
      root(
        "cat >/etc/nginx/sites-enabled/default",
        `root /srv/shop/current/public;\nfastcgi_param SCRIPT_FILENAME ${script};\nfastcgi_pass unix:/run/php.sock;\n`,
      );
    await site("$document_root$fastcgi_script_name");
    expect(await check({ ...php, told: false })).toContain(
      "sites-enabled/default does not pass $realpath_root",
    );
    await site("$realpath_root$fastcgi_script_name");
    expect(await check({ ...php, told: false })).toBe("");
  });

  test("a web server that keeps files open", async () => {
    await root("rm -f /etc/nginx/sites-enabled/* && systemctl start nginx");
    expect(await check({ kind: "nginx" })).toBe("");
    await root("echo 'open_file_cache max=1000;' >/etc/nginx/conf.d/cache.conf");
    expect(await check({ kind: "nginx" })).toContain(
      "keeps files open (open_file_cache in /etc/nginx/conf.d/cache.conf)",
    );
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

  /** With Debian's Python, whatever else this machine has. */
  const inFolder = (script: string) => root(`cd /srv && PATH=/usr/bin:/bin && ${script}`);
  /** What has begun says so in /srv/begun, ends when there is /srv/go, and tells its worker's id in /srv/over. */
  const workers = {
    Sidekiq: {
      file: "/srv/job.rb",
      text: `class Job
  include Sidekiq::Worker
  def perform
    File.write("/srv/begun", $$)
    sleep 0.1 until File.exist?("/srv/go")
    File.write("/srv/over", "#{$$}\\n", mode: "a")
  end
end
`,
      push: 'ruby -e \'require "sidekiq"; require "/srv/job.rb"; Job.perform_async\'',
      exec: "/usr/bin/sidekiq -r /srv/job.rb",
      service: { kind: "sidekiq" },
      queue: "queue:default",
      quieted: (pid: string) => `tr '\\0' ' ' </proc/${pid}/cmdline | grep 'busy. stopping'`,
    },
    Celery: {
      file: "/srv/job.py",
      text: `import os, pathlib, time
from celery import Celery
app = Celery("job", broker="redis://127.0.0.1")
@app.task
def job():
    pathlib.Path("/srv/begun").write_text("begun")
    while not os.path.exists("/srv/go"):
        time.sleep(0.1)
    with open("/srv/over", "a") as over:
        over.write(f"{os.getppid()}\\n")
`,
      push: "celery --app job call job.job",
      exec: "/usr/bin/celery --app job worker --concurrency 1",
      service: { kind: "celery", app: "job" },
      queue: "celery",
      quieted: () => "! celery --app job inspect active_queues | grep 'exchange'",
    },
  };

  test.each(Object.keys(workers) as (keyof typeof workers)[])(
    "%s takes nothing new before it is started again, and ends what it has begun",
    async (name) => {
      const { file, text, push, exec, service, queue, quieted } = workers[name];
      const {
        quiet = "",
        run = "",
        settled = "",
        before = "",
      } = commandsOf({
        ...{ ...service, unit: "shop.service", sudo: false, busy: "10m" },
      });
      const pid = async () => (await root("systemctl show shop -p MainPID --value")).trim();
      const queued = async () => (await root(`redis-cli llen ${queue}`)).trim();
      await root(`cat >${file}`, text);
      await root("rm -f /srv/begun /srv/go /srv/over");
      await unit(`WorkingDirectory=/srv\nExecStart=${exec}\nTimeoutStopSec=60\n`);
      const first = await pid();
      await inFolder(`${push} && until [ -s /srv/begun ]; do sleep 0.1; done`);
      await inFolder(quiet);
      await inFolder(`until ${quieted(first)}; do sleep 0.2; done; ${push}`);
      const told = inFolder(`before=$(${before})\n${run}\nuntil ${settled}; do sleep 0.2; done`);
      expect([await pid(), await queued()]).toEqual([first, "1"]);
      await root("touch /srv/go");
      await told;
      const second = await pid();
      await root('until [ "$(wc -l </srv/over)" = 2 ]; do sleep 0.1; done');
      expect([second === first, await queued()]).toEqual([false, "0"]);
      expect(await root("cat /srv/over")).toBe(`${first}\n${second}\n`);
    },
  );

  test("a worker that does not end what it has begun is started again when its time is over", async () => {
    const { run = "" } = commandsOf({
      kind: "celery",
      unit: "shop.service",
      sudo: false,
      app: "job",
      busy: "1s",
    });
    await root("rm -f /srv/begun /srv/go");
    await unit(`WorkingDirectory=/srv\nExecStart=${workers.Celery.exec}\nTimeoutStopSec=1\n`);
    const before = await root("systemctl show shop -p MainPID --value");
    await inFolder(`${workers.Celery.push} && until [ -s /srv/begun ]; do sleep 0.1; done`);
    await inFolder(run);
    expect(await root("systemctl show shop -p MainPID --value")).not.toBe(before);
  });
});
