import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Newcomer, newcomer } from "./newcomer.ts";

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "nginx",
  "curl",
)("Vite, by its own command", () => {
  let person: Newcomer;
  beforeAll(async () => {
    person = await newcomer();
    await person.type("npm create vite@7 . -- --template vanilla && npm install && git init -qb main");
  });
  afterAll(() => person?.close());

  test("the first deploy serves what was built, and proves it by the release's id", async () => {
    const { result, release } = await person.begin("Vite");
    expect([result, (await person.page("/up")).trim()]).toEqual(["deployed", release]);
    await expect(person.page("/REVISION")).rejects.toThrow("404");
    const [, script] =
      /<script type="module" crossorigin src="(\/assets\/[^"]+\.js)"/.exec(await person.page()) ?? [];
    expect(await person.page(script)).toContain("document.querySelector");
  });
});
