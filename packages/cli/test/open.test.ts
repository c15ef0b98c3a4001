import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { maintenanceSite } from "../src/init/maintenance.ts";
import type { Desk } from "../src/terminal.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

const terminal = {} as Desk;

/** A desk with a config and what opens addresses, which writes down what it was given. */
function desk(url: string) {
  const folder = newFolder();
  mkdirSync(join(folder, ".github"));
  const config = `app: shop\ndeploy-to: ~/shop\nenvironments: { production: { hosts: [ada@web1]${url} } }\n`;
  writeFileSync(join(folder, ".github/deploy.yml"), config);
  const opened = join(folder, "opened");
  writeFileSync(
    join(folder, "xdg-open"),
    `#!/bin/sh\nprintf %s "$*" >${opened}.new; mv ${opened}.new ${opened}\n`,
    {
      mode: 0o755,
    },
  );
  return { folder, opened, env: { PATH: `${folder}:${process.env.PATH}`, DISPLAY: ":0" } };
}

test("open: the address is printed, and opened where somebody sits", async () => {
  const { folder, opened, env } = desk(', url: "https://shop.example.com/?a=1&b"');
  const io = { ...recordedIo({ cwd: folder, env }), terminal };
  expect([await main(["open"], io), io.out()]).toEqual([0, "https://shop.example.com/?a=1&b\n"]);
  await until("the browser", () => existsSync(opened));
  expect(readFileSync(opened, "utf8")).toBe("https://shop.example.com/?a=1&b");
});

test("open: without a url that is said", async () => {
  const { folder, env } = desk("");
  const io = recordedIo({ cwd: folder, env });
  expect([await main(["open"], io), io.err()]).toEqual([
    2,
    expect.stringContaining("expected a url for production"),
  ]);
});

test("console: without a terminal that is said, and nobody is asked", async () => {
  const { folder, env } = desk("");
  const io = recordedIo({ cwd: folder, env });
  expect([await main(["console"], io), io.err()]).toEqual([2, expect.stringContaining("needs a terminal")]);
});

test("the guide shows the site that is tested", () => {
  const guide = readFileSync(join(import.meta.dirname, "../../../docs/guides/every-day.md"), "utf8");
  expect(guide).toContain(maintenanceSite("/var/www/shop"));
});
