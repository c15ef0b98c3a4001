import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { needs } from "@deploy/testkit";
import { afterAll, expect, test } from "@jest/globals";
import { build, makeFolder } from "./stage.ts";

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (program: string, ...args: readonly string[]) =>
  execFileSync(program, args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
const unit =
  "[Unit]\nDescription=Shop\n[Service]\nExecStart=/opt/shop/current/run\n[Install]\nWantedBy=multi-user.target\n";

needs("dpkg-deb", "lintian")("a package of a release", () => {
  test("lists what was packed, as dpkg-deb reads it", async () => {
    const [own, pointer] = await build(folder);
    expect(run("dpkg-deb", "-c", own?.file ?? "").replace(/ +/g, " ")).toContain(
      "-rw-r--r-- 0/0 6 2026-11-21 08:44 ./opt/shop/releases/20261121T084450Z-4f2a91c/index.html",
    );
    expect(run("dpkg-deb", "-c", own?.file ?? "")).toContain(`${"name".repeat(30)}.txt`);
    expect(run("dpkg-deb", "-c", own?.file ?? "")).toContain("/.env -> ../../shared/.env");
    expect(run("dpkg-deb", "-f", pointer?.file ?? "", "Depends")).toBe(
      "shop-20261121t084450z-4f2a91c (= 20261121T084450Z-4f2a91c)\n",
    );
  });

  test("pleases lintian, but for what it overrides by name", async () => {
    for (const layout of ["releases", "plain"] as const) {
      const written = await build(folder, { layout, unit });
      const out = run(
        "lintian",
        "--allow-root",
        "--tag-display-limit",
        "0",
        ...written.map(({ file }) => file),
      );
      expect(out).toBe("");
    }
  }, 120_000);

  test("has the same bytes when it is built again, elsewhere, with another umask and zone", async () => {
    const bytes = async (at: string) =>
      (await build(at, { unit })).map(({ file }) => readFileSync(file).toString("base64"));
    const first = await bytes(folder);
    const other = makeFolder();
    const [mask, zone] = [process.umask(0o077), process.env.TZ];
    process.env.TZ = "Asia/Kathmandu";
    try {
      expect(await bytes(other)).toEqual(first);
    } finally {
      process.umask(mask);
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
      rmSync(other, { recursive: true, force: true });
    }
  });
});
