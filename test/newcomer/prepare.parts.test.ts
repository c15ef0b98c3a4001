import { readFileSync } from "node:fs";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { root } from "../../scripts/lib/root.ts";
import { login, type Newcomer, newcomer } from "./stacks/newcomer.ts";

const page = readFileSync(join(root, "docs/guides/prepare-a-server.md"), "utf8");
/** What the guide has to type below this heading. */
const lines = (heading: string): string => {
  const [, part = ""] = page.split(new RegExp(`^##+ ${heading}$`, "m"));
  return /^```sh\n([\s\S]*?)^```$/m.exec(part)?.[1] ?? "";
};
const common = ["Packages", "The user", "The folders"];

const server = `const { createServer } = require("node:http");
createServer((_, response) => response.end("hello from " + process.cwd())).listen(process.env.PORT, "127.0.0.1");
`;

/** All that a server keeps of it: names, owners, modes, where links lead, and what is in files. */
const kept = `find /etc/nginx /etc/sudoers.d /etc/systemd/system /home/deploy /var/www /var/lib/systemd/linger -printf '%p %M %u:%g %l\\n' | sort
find /etc/nginx/sites-available /etc/sudoers.d /etc/systemd/system /home/deploy /var/www -type f -exec cksum {} + | sort
getent passwd deploy`;

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "nginx",
  "curl",
  "sudo",
  "postgres",
)("a server prepared by hand, as the guide has it", () => {
  let person: Newcomer;
  const asRoot = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await person.host.exec(["sh", "-e"], script);
    if (code !== 0) throw new Error(`${script}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const typed = async (headings: readonly string[]): Promise<string> => {
    const key = (await person.type("cat ~/.ssh/deploy-shop.pub")).trim();
    return headings
      .map(lines)
      .join("\n")
      .replace(/^key='.*'/m, `key='${key}'`);
  };
  const script = () =>
    person.type("deploy init --server --key ~/.ssh/deploy-shop.pub --domain shop.example.com");
  beforeAll(async () => {
    person = await newcomer();
    await person.type(`cat > server.js <<'EOF'\n${server}EOF`);
    await person.type(
      `echo '{"name":"shop","scripts":{"start":"node ./bin/www"}}' > package.json && mkdir bin && mv server.js bin/www`,
    );
    await person.type("git init -qb main");
    await person.type(`deploy init --hosts deploy@${person.host.address} --domain shop.example.com --keys`);
  });
  afterAll(() => person?.close());

  test("a unit of the user's own: the script finds nothing to change, and the first deploy serves", async () => {
    await asRoot(await typed([...common, "A unit of the user's own", "The site"]));
    const before = await asRoot(kept);
    expect(await asRoot(await script())).toMatch(/^ready: \/var\/www\/shop on /);
    expect(await asRoot(kept)).toBe(before);
    await person.type("git add -A && git commit -qm 'Deploy it'");
    await person.type(`deploy run --yes ${login}`);
    expect(await person.page()).toMatch(/^hello from \/var\/www\/shop\/releases\//);
  });

  test("the database: its owner may log in with what stands in .env, and make tables", async () => {
    await asRoot(`version=$(ls /usr/lib/postgresql | tail -n 1)
[ -e "/etc/postgresql/$version/main" ] || pg_createcluster "$version" main
systemctl start "postgresql@$version-main"`);
    await asRoot(lines("The database"));
    const asUser = (command: string) =>
      asRoot(`runuser -u deploy -- sh -ec '. /var/www/shop/shared/.env; ${command}'`);
    expect(
      await asUser(`psql "$DATABASE_URL" -Atc "create table visits (at text)" -c "select current_user"`),
    ).toBe("CREATE TABLE\nshop\n");
    await expect(asUser(`psql "$DATABASE_URL" -Atc "create database other"`)).rejects.toThrow(
      "permission denied",
    );
    expect((await asRoot("stat -c '%a %U' /var/www/shop/shared/.env")).trim()).toBe("600 deploy");
  });

  test("a site that has TLS since stays as it is, and is served", async () => {
    await asRoot(`openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=shop.example.com -days 9 -keyout /etc/nginx/k -out /etc/nginx/c 2>/dev/null
sed -i 's|^  server_name .*|&\\n  listen 443 ssl;\\n  ssl_certificate /etc/nginx/c;\\n  ssl_certificate_key /etc/nginx/k;|' /etc/nginx/sites-available/shop`);
    const before = await asRoot(kept);
    await asRoot(await script());
    expect(await asRoot(kept)).toBe(before);
    expect(
      await asRoot("curl -fsSk --resolve shop.example.com:443:127.0.0.1 https://shop.example.com/"),
    ).toMatch(/^hello/);
  });

  test("a unit of the system's: the script finds nothing to change, and sudo allows its one line", async () => {
    await person.type("mkdir shop && touch shop/settings.py && rm -r .github DEPLOY.md");
    await person.type(`echo "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')" > manage.py`);
    await person.type(`deploy init --hosts deploy@${person.host.address} --domain shop.example.com`);
    await asRoot(lines("Or a unit of the system's"));
    const before = await asRoot(kept);
    await asRoot(await script());
    expect(await asRoot(kept)).toBe(before);
    const allowed = await asRoot("runuser -u deploy -- sudo -n -l");
    expect(allowed).toContain("(root) NOPASSWD: /usr/bin/systemctl reload-or-restart shop.service");
    await expect(asRoot("runuser -u deploy -- sudo -n systemctl stop shop.service")).rejects.toThrow(
      "password is required",
    );
  });
});
