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
)("Express, by its own generator", () => {
  let person: Newcomer;
  beforeAll(async () => {
    person = await newcomer();
    await person.type("npx express-generator@4.16.1 --no-view --git . && npm install && git init -qb main");
  });
  afterAll(() => person?.close());

  test("the first deploy serves, and nothing was edited", async () => {
    expect((await person.begin("Express")).result).toBe("deployed");
    expect(await person.page()).toContain("Welcome to Express");
  });
});
