import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Newcomer, newcomer } from "./newcomer.ts";

const make =
  "npx create-next-app@16 . --ts --no-tailwind --no-eslint --app --no-src-dir --use-npm --disable-git --yes --import-alias '@/*' && git init -qb main";
/** The skeleton's own without its two fonts, which a build fetches from Google: nothing that CI reaches. */
const layout = `import "./globals.css";
export const metadata = { title: "Create Next App" };
export default function Layout({ children }: { children: React.ReactNode }) { return <html lang="en"><body>{children}</body></html>; }
`;
const standalone = `sed -i 's/NextConfig = {/&\\n  output: "standalone",/' next.config.ts && rm -r .github DEPLOY.md`;

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "nginx",
  "curl",
)("Next, by its own command", () => {
  let person: Newcomer;
  beforeAll(async () => {
    person = await newcomer();
    await person.type(make);
    await person.type(`cat > app/layout.tsx <<'EOF'\n${layout}EOF`);
  });
  afterAll(() => person?.close());

  test.each([
    ["next start", "true"],
    ["standalone", standalone],
  ])(
    "%s: the first deploy serves what was built, on loopback, without the build's cache",
    async (name, configure) => {
      await person.type(configure);
      const { result, problems } = await person.begin(`Next, ${name}`);
      expect([result, problems]).toEqual(["deployed", []]);
      const page = await person.page();
      const [, script = "nothing"] = /src="(\/_next\/static\/[^"?]+\.js)/.exec(page) ?? [];
      expect([page.includes("<title>Create Next App"), script]).toEqual([
        true,
        expect.stringMatching(/^\/_next/),
      ]);
      expect((await person.page(script)).length).toBeGreaterThan(100);
      expect(await person.page("/next.svg")).toContain("<svg");
      const sent = await person.onServer("cd /var/www/shop/.deploy/manifests && cat *");
      expect(sent).not.toMatch(/\t(?:\.next\/cache|\.git|\.env.*|known_hosts.deploy)$/m);
      expect(await person.onServer("ss -Htln sport = :8080")).toContain("127.0.0.1:8080");
    },
  );
});
