import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { recordedIo } from "./io.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "configure-helper-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function helper(level: string) {
  const config = {
    ...{ app: "shop.com", "deploy-to": "/srv/shop" },
    configure: {
      files: [
        { kind: "nginx", from: "nginx.conf", level },
        { kind: "caddy", from: "Caddyfile" },
      ],
    },
    environments: { production: { hosts: ["deploy@web1", "deploy@web2", "ship@web3"] } },
  };
  writeFileSync(join(folder, "deploy.yml"), JSON.stringify(config));
  const io = recordedIo({ cwd: folder, env: { HOME: folder } });
  const code = await main(["configure-helper", "--config", "deploy.yml"], io);
  return { code, out: io.out(), err: io.err() };
}

test("prints a helper for each login, with the files that root writes and its line of sudoers", async () => {
  const { code, out } = await helper("apply");
  expect(code).toBe(0);
  const path = "/usr/local/sbin/configure-shop.com-production";
  expect(out).toContain("# On web1 and web2, as root, once you have read it:");
  expect(out).toContain("# On web3, as root");
  expect(out).toContain("files='nginx /etc/nginx/conf.d/shop.com.conf'\n");
  expect(out).toContain(`\ndeploy ALL=(root) NOPASSWD: ${path} check, ${path} apply\n`);
  expect(out).toContain("cat > /etc/sudoers.d/configure-shop_com-production");
});

test("nothing is printed where nothing needs root", async () => {
  expect(await helper("check")).toMatchObject({
    out: "",
    err: expect.stringContaining("nothing needs root"),
  });
});
