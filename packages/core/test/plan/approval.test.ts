import { type Config, comparePlans, type Plan, plan, renderPlanMarkdown, renderPlanText } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { artifact, commit, fullConfig, hostOf, now, reachedHost } from "../fixtures.ts";

/** All that is done and stands in no file that is packed: what of it is another, a reviewer must see, and the run refuse. */
const store = {
  to: "s3://shop/x",
  endpoint: "https://s3.example.com",
  region: "eu-central-1",
  role: "arn:aws:iam::123456789012:role/deploy",
  checksums: "crc32",
} as const;
const publish = { store, keepReleases: 5, keepFor: 86_400_000, purgeUrl: "https://cdn.example.com/purge" };
const backup: NonNullable<Config["backup"]> = {
  ...({
    database: "sqlite",
    path: "db/shop.sqlite3",
    from: "leader",
    proof: "read",
    compression: "auto",
  } as const),
  ...{ encryptTo: ["age1first", "age1second"], minimum: 64, keep: 14, store },
};
const upload = {
  method: "pull",
  unchanged: "copy",
  verify: "changed",
  compression: "auto",
  atOnce: 64,
  filter: [],
  store,
} as const;
const base = fullConfig({
  leader: "web2",
  upload,
  backup,
  assets: { publish } as NonNullable<Config["assets"]>,
});
const through = "jump@bastion";
const digest = "c".repeat(64);

function planOf(config: Config, more: { jumpHost?: string; configDigest?: string } = {}): Plan {
  const tools = { tar: true, gzip: true, sha256sum: true, flock: true, curl: true };
  const facts = config.hosts.map(({ name }) => reachedHost(name, { tools }));
  const asked = { jumpHost: through, configDigest: digest, ...more };
  return plan(config, facts, { kind: "deploy", now, commit, artifact, ...asked });
}

const at = (changes: object): Config =>
  ({ ...base, assets: { publish: { ...publish, ...changes } } }) as Config;
const others = {
  to: "s3://theirs",
  endpoint: "https://theirs.example.com",
  region: "us-east-1",
  role: "arn:aws:iam::210987654321:role/theirs",
  pathStyle: true,
  checksums: "when-required",
} as const;
const stores: (readonly [string, Config])[] = Object.entries(others).flatMap(([key, value]) => {
  const changed = { ...store, [key]: value };
  return [
    [`${key} of publishing`, at({ store: changed })],
    [`${key} of the backup`, { ...base, backup: { ...backup, store: changed } }],
    [`${key} of pulls`, { ...base, upload: { ...upload, store: changed } }],
  ];
});
const [, ...rest] = base.hosts;
const looks = { run: "journalctl --user -u shop", roles: [] };

test.each<readonly [string, Config, object?]>([
  ...stores,
  ["purge", at({ purgeUrl: "https://theirs.example.com/" })],
  ["CDN", at({ purgeUrl: undefined, cloudfront: "E2QWRUHAPOMQZL" })],
  ["retention by number", at({ keepReleases: 1 })],
  ["retention by age", at({ keepFor: 1 })],
  ["no publishing", { ...base, assets: {} } as Config],
  ["one recipient of two", { ...base, backup: { ...backup, encryptTo: ["age1first", "age1theirs"] } }],
  ["command for a host that fails", { ...base, activate: { ...base.activate, diagnose: [looks] } }],
  ["login", { ...base, hosts: [{ ...hostOf("web1", ["web"]), username: "root" }, ...rest] }],
  ["port", { ...base, hosts: [{ ...hostOf("web1:2222", ["web"]), port: 2222 }, ...rest] }],
  ["jump host", base, { jumpHost: "jump@theirs" }],
  ["no jump host", base, { jumpHost: undefined }],
  ["config file", base, { configDigest: "d".repeat(64) }],
])("%s: another one is another digest, a difference, and seen", (_, config, more = {}) => {
  const [approved, fresh] = [planOf(base), planOf(config, more)];
  expect([approved.problems, fresh.problems]).toEqual([[], []]);
  expect(fresh.digest).not.toBe(approved.digest);
  expect(comparePlans(approved, fresh)).not.toEqual([]);
  for (const render of [renderPlanText, renderPlanMarkdown]) {
    const shown = (of: Plan) => render(of).replaceAll(of.digest, "");
    expect(shown(fresh)).not.toBe(shown(approved));
  }
});
