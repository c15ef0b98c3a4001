import { formatProblem, plan } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { configOf, deployRequest, reachedHost } from "../fixtures.ts";

const facts = ["web1", "web2", "web3"].map((name) => reachedHost(name));

/** web2 is reached for its files alone. */
function problemsWith(changes: Parameters<typeof configOf>[0]): readonly string[] {
  const config = configOf(changes);
  const hosts = config.hosts.map((host) => (host.name === "web2" ? { ...host, via: "sftp" as const } : host));
  return plan({ ...config, hosts }, facts, deployRequest()).problems.map(formatProblem);
}

const run = { roles: [], timeout: 60_000 };

test("what needs a shell is refused on the hosts that have none, and on no other", () => {
  expect(problemsWith({ prepare: [{ ...run, run: "make" }] } as never)).toEqual([
    "hut-cannot · web2 prepare · prepare needs a shell, and web2 is reached by sftp alone. " +
      "Run it where the release is built (`build`), so that what it makes is packed.",
  ]);
});

test("uploading, switching, proving and finishing need none", () => {
  expect(problemsWith({ prepare: [], activate: { ...configOf().activate, reload: [] } } as never)).toEqual(
    [],
  );
});

test.each([
  ["/htdocs", "/deploy", 0],
  ["/htdocs", "/htdocs-deploy", 0],
  ["/htdocs", "/htdocs", 1],
  ["/htdocs/", "/htdocs/x7", 1],
  ["/", "/deploy", 1],
])(
  "document root %s, deploy-to %s: what visitors could read is warned of",
  (documentRoot, deployTo, warned) => {
    const config = configOf({
      deployTo,
      prepare: [],
      activate: { ...configOf().activate, reload: [] },
    } as never);
    const hosts = config.hosts.map((host) =>
      host.name === "web2" ? { ...host, via: "sftp" as const, documentRoot } : host,
    );
    const { warnings } = plan({ ...config, hosts }, facts, deployRequest());
    const told = warnings.filter((one) => /visitors/.test(one));
    expect(told).toHaveLength(warned);
    for (const one of told) expect(one).toMatch(/^On web2, deploy-to lies in the document root/);
  },
);

test.each([
  ["ftp", 1],
  ["ftps", 0],
  ["ftps-implicit", 0],
  ["sftp", 0],
] as const)("by %s: %d warnings that the password travels in the clear", (via, warned) => {
  const config = configOf({ prepare: [], activate: { ...configOf().activate, reload: [] } } as never);
  const hosts = config.hosts.map((host) => (host.name === "web2" ? { ...host, via } : host));
  const { warnings } = plan({ ...config, hosts }, facts, deployRequest());
  expect(warnings.filter((one) => /^web2: by plain FTP/.test(one))).toHaveLength(warned);
});
