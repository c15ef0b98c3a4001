import { expect, test } from "@jest/globals";
import { type Config, DeployErrors, parseConfig } from "../../src/index.ts";

function read(configure: unknown): NonNullable<Config["configure"]> {
  const config = {
    app: "shop",
    "deploy-to": "/srv/shop",
    environments: { production: { hosts: ["deploy@web1"] } },
  };
  const text = JSON.stringify({ ...config, configure }, null, 1);
  return parseConfig(text, { file: "deploy.yml" }).configure ?? { files: [], drift: "stop" };
}

function refused(configure: unknown): readonly string[] {
  try {
    read(configure);
  } catch (error) {
    if (error instanceof DeployErrors)
      return error.problems.map(({ code, message, place }) => `${code} ${place.line ?? ""} ${message}`);
    throw error;
  }
  throw new Error("was taken");
}

const file = { kind: "nginx", from: "config/nginx.conf" };

test("a file is only checked unless told, and stands where its kind's files do", () => {
  const unit = { kind: "systemd", from: "config/shop.service" };
  const { files, drift } = read({ files: [file, { ...unit, level: "user" }, { ...unit, level: "apply" }] });
  expect(drift).toBe("stop");
  expect(files.map(({ level, to }) => [level, to])).toEqual([
    ["check", "/etc/nginx/conf.d/shop.conf"],
    ["user", "~/.config/systemd/user/shop.service"],
    ["apply", "/etc/systemd/system/shop.service"],
  ]);
});

test.each([
  ["an unknown placeholder in a path", { ...file, to: "/etc/nginx/{{deploy.host}}.conf" }, "config-invalid"],
  ["a path that leads out", { ...file, to: "/etc/nginx/../cron.d/x" }, "config-invalid"],
  ["a path a shell reads its own way", { ...file, to: "/etc/nginx/$(id)" }, "config-invalid"],
  ["a file out of the release", { ...file, from: "../secrets" }, "config-invalid"],
  [
    "a whole server that root would be told",
    { kind: "haproxy", from: "h.cfg", level: "apply" },
    "config-invalid",
  ],
  ["any file without its place", { kind: "file", from: "x" }, "config-missing"],
])("%s is refused where it stands", (_, given, code) => {
  expect(refused({ files: [given] })).toEqual([
    expect.stringMatching(new RegExp(`^${code} [0-9]+ expected`)),
  ]);
});

test("one place has one file", () => {
  expect(refused({ files: [file, { ...file, to: "/etc/nginx/conf.d/{{deploy.app}}.conf" }] })).toEqual([
    expect.stringContaining('got "/etc/nginx/conf.d/shop.conf" again'),
  ]);
});
