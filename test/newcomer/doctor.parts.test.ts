import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { login, type Newcomer, newcomer } from "./stacks/newcomer.ts";

/** Names the release that it finds when it is asked: an old process says so, too. */
const server = `const { createServer } = require("node:http");
const { readFileSync } = require("node:fs");
createServer((_, response) => {
  response.setHeader("X-Release", readFileSync("/var/www/shop/current/RELEASE", "utf8").trim());
  response.end("hello");
}).listen(process.env.PORT, "127.0.0.1");
`;

/** As somebody edits the config that init wrote. */
const edits = [
  `s|^# migrate: .*|migrate: { run: "true", env-file: .env }|`,
  "s|directories: .*|directories: [uploads]|",
  "s|, expect-release: false||",
].map((edit) => `-e '${edit}'`);

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "nginx",
  "curl",
  "postgres",
)("doctor, on a real server", () => {
  let person: Newcomer;
  const asRoot = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await person.host.exec(["sh", "-e"], script);
    if (code !== 0) throw new Error(`${script}\n${stdout}\n${stderr}`);
    return stdout;
  };
  /** What is to be looked at, without the host's name. */
  const bad = async () => {
    const said = await person.type(`deploy doctor ${login} || [ "$?" = 1 ]`);
    const name = person.host.host.name;
    return said
      .split("\n")
      .filter((line) => /^(?:stop|warn) /.test(line))
      .map((line) => line.replace(` ${name} `, " ").replace(/process \d+/, "process PID"));
  };
  beforeAll(async () => {
    person = await newcomer({ pam: false });
    const { address } = person.host;
    await person.type(`cat > server.js <<'EOF'\n${server}EOF`);
    await person.type(
      `echo '{"name":"shop","scripts":{"start":"node server.js"}}' > package.json && git init -qb main`,
    );
    await person.type(`deploy init --hosts deploy@${address} --domain shop.example.com --keys`);
    await person.type(`sed -i ${edits.join(" ")} .github/deploy.yml`);
    await asRoot(
      await person.type("deploy init --server --key ~/.ssh/deploy-shop.pub --domain shop.example.com"),
    );
    await person.type("git add -A && git commit -qm 'Deploy it'");
    await asRoot(`version=$(ls /usr/lib/postgresql | tail -n 1)
[ -e "/etc/postgresql/$version/main" ] || pg_createcluster "$version" main
systemctl start "postgresql@$version-main"
echo "create role shop login password 's@cret é'" | runuser -u postgres -- psql -q
runuser -u postgres -- createdb --owner shop shop
echo "DATABASE_URL=postgresql://shop:s%40cret%20%C3%A9@127.0.0.1:5432/shop" >/var/www/shop/shared/.env`);
    await person.type(`deploy run --yes ${login}`);
  });
  afterAll(() => person?.close());

  test("as it should be, nothing is to be looked at", async () => {
    expect(await bad()).toEqual([]);
  });

  test.each([
    [
      "a role that may make no table",
      "runuser -u postgres -- psql -qd shop -c 'alter database shop owner to postgres' -c 'revoke create on schema public from public'",
      "runuser -u postgres -- psql -qd shop -c 'alter database shop owner to shop'",
      "warn       migration: its role may make no table in the schema public",
    ],
    [
      "another password",
      "runuser -u postgres -- psql -qc \"alter role shop password 'other'\"",
      "runuser -u postgres -- psql -qc \"alter role shop password 's@cret é'\"",
      'warn       migration: the app\'s own login is refused: connection to server at "127.0.0.1", port 5432 failed: FATAL:  password authentication failed for user "shop"',
    ],
    [
      "a database on a port where nobody is",
      "sed -i s/5432/5431/ /var/www/shop/shared/.env",
      "sed -i s/5431/5432/ /var/www/shop/shared/.env",
      "warn       app's database: 127.0.0.1:5431 does not answer from here: the app cannot reach its database",
    ],
    [
      "a process that was not started anew",
      "runuser -u deploy -- touch -h -d '+1 hour' /var/www/shop/current",
      "runuser -u deploy -- touch -h -d '-1 hour' /var/www/shop/current",
      "warn       proof: process PID on 8080 was there before the live release: it serves an older one, or names what it reads when it is asked",
    ],
    [
      "a shared folder of root's",
      "chown root /var/www/shop/shared/uploads",
      "chown deploy /var/www/shop/shared/uploads",
      "warn       shared folders: /var/www/shop/shared/uploads is not the login's to write in",
    ],
    [
      "a login that ends",
      "chage -E $(date -d '+3 days' +%F) deploy",
      "chage -E -1 deploy",
      expect.stringMatching(
        /^warn {7}account: the login or its password ends on \w{3} \d\d, \d{4}: sshd refuses it then, whatever its key$/,
      ),
    ],
    [
      "who bans quickly",
      "mkdir -p /etc/fail2ban && printf '[sshd]\\nmaxretry = 2\\n' >/etc/fail2ban/jail.local && cp /usr/bin/sleep /srv/fail2ban-server && systemd-run -q --unit bans /srv/fail2ban-server 600",
      "systemctl stop bans",
      "warn       bans: fail2ban bans an address after 2 refused logins: one wrong key, tried again, keeps all runners of that address out",
    ],
  ])("%s", async (_, fault, mend, line) => {
    await asRoot(fault);
    const said = await bad();
    await asRoot(mend);
    // A migration is not asked for where nobody answers.
    expect(
      said.filter(
        (each) => !each.includes(" migration: ") || !said.some((other) => other.includes("app's database")),
      ),
    ).toEqual([line]);
  });

  test("a locked account, which an sshd without PAM refuses: told as what it may be", async () => {
    await asRoot("usermod -L deploy");
    const said = await person.type(`deploy doctor ${login} || [ "$?" = 1 ]`);
    await asRoot("usermod -U deploy");
    expect(said).toMatch(/^stop {7}\S+ ssh: .*refused/m);
    expect(said).toContain(
      "the account may be locked, which an sshd without PAM refuses: sudo usermod -p '*'",
    );
    expect(await bad()).toEqual([]);
  });
});
