import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Newcomer, newcomer } from "./newcomer.ts";

const make =
  "npx create-next-app@16 . --ts --no-tailwind --no-eslint --app --no-src-dir --use-npm --disable-git --yes --import-alias '@/*' && git init -qb main";

/** Its pages have what Next itself says, and the scripts that they name come from what was built. */
async function serves(person: Newcomer): Promise<void> {
  const page = await person.page();
  const [, script = "nothing"] = /src="(\/_next\/static\/[^"?]+\.js)/.exec(page) ?? [];
  expect([page.includes("<title>Create Next App"), script]).toEqual([
    true,
    expect.stringMatching(/^\/_next/),
  ]);
  expect((await person.page(script)).length).toBeGreaterThan(100);
  expect(await person.page("/next.svg")).toContain("<svg");
}

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "nginx",
  "curl",
)("Next, by its own command", () => {
  describe.each([
    ["next start", "true"],
    ["standalone", `sed -i 's/NextConfig = {/&\\n  output: "standalone",/' next.config.ts`],
  ])("%s", (name, configure) => {
    let person: Newcomer;
    beforeAll(async () => {
      person = await newcomer();
      await person.type(make);
      await person.type(configure);
    });
    afterAll(() => person?.close());

    test("the first deploy serves what was built, and nothing of the build's own is sent", async () => {
      const { result, problems } = await person.begin(`Next, ${name}`);
      expect([result, problems]).toEqual(["deployed", []]);
      await serves(person);
      const sent = await person.onServer("cd /var/www/shop/current && ls -A . .next");
      expect(sent).not.toMatch(/^(?:cache|\.git|\.env.*)$/m);
      expect(await person.onServer("ss -Htln sport = :8080")).toContain("127.0.0.1:8080");
    });
  });
});
