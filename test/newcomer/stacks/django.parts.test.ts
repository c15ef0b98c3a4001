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
  "sudo",
  "django-admin",
)("Django, by its own command", () => {
  let person: Newcomer;
  beforeAll(async () => {
    person = await newcomer();
    await person.type("django-admin startproject shop . && git init -qb main");
  });
  afterAll(() => person?.close());

  test("the first deploy serves, with its database migrated", async () => {
    expect(await person.begin("Django")).toMatchObject({ result: "deployed", migrated: "yes" });
    expect(await person.onServer("curl -fsS http://127.0.0.1:8080/admin/login/")).toContain(
      "Django administration",
    );
  });

  test("what only a person can settle is told: the skeleton answers to no name, and shows its insides", async () => {
    await expect(person.page()).rejects.toThrow("400");
    expect(await person.type("cat DEPLOY.md")).toContain('`ALLOWED_HOSTS = ["shop.example.com"]`');
  });
});
