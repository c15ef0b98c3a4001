import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { loadConfig } from "../src/index.ts";
import { checkPlaceholders } from "../src/placeholders.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "session-"));
});
afterEach(() => rmSync(root, { recursive: true }));

async function check() {
  const configText = `app: shop
deploy-to: /srv/shop
configure: { files: [{ kind: nginx, from: shop.conf }] }
environments: { production: { hosts: [deploy@web1] } }
`;
  await checkPlaceholders(
    await loadConfig({ configFile: "deploy.yml", configText, root, overrides: {} }),
    root,
  );
}

test("what a server's file asks for is known before any host is asked", async () => {
  writeFileSync(
    join(root, "shop.conf"),
    "server {\n root {{deploy.current}}; set $a {{ a }};\n listen {{deploy.port}};\n}\n",
  );
  await expect(check()).rejects.toMatchObject({
    problems: [{ code: "config-placeholder", place: { path: "shop.conf", line: 3 } }],
  });
  writeFileSync(join(root, "shop.conf"), "server { root {{deploy.current}}; }\n");
  await expect(check()).resolves.toBeUndefined();
});

test("a file that is not there is named before it is packed", async () => {
  await expect(check()).rejects.toMatchObject({ problems: [{ code: "config-missing" }] });
});
