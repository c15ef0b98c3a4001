import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs, type SshdFleet, sshdFleet, testKeys } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hostName } from "../../src/keys/hostPattern.ts";
import { knownFor, parseKnownHosts, verdict } from "../../src/keys/knownHosts.ts";

const folder = mkdtempSync(join(tmpdir(), "known-hosts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const pin = testKeys().public.split(" ").slice(0, 2).join(" ");
const write = (text: string): string => {
  const file = join(folder, "known_hosts");
  writeFileSync(file, text);
  return file;
};

needs("sshd")("lookups agree with ssh-keygen -F", () => {
  const fields = [
    "web1",
    "WEB1",
    "web0,web1",
    "web?",
    "web*",
    "*",
    "!web1,*",
    "*,!web1",
    "!web2",
    "[web1]:2222",
    "[web1]:*",
    "[web?]:2222",
    "[*]:2222",
    "10.0.0.?",
    "2001:db8::1",
    "web1,",
    ",web1",
  ];
  const asked: [string, number][] = [
    ["web1", 22],
    ["web2", 22],
    ["Web1", 22],
    ["web1", 2222],
    ["web10", 22],
    ["10.0.0.7", 22],
    ["2001:db8::1", 22],
  ];
  const lines = fields.flatMap((field) => [
    `${field} ${pin}\n`,
    `${field} ${pin} comment\r\n`,
    `@revoked ${field} ${pin}\n`,
  ]);
  test.each(lines)("%j", (line) => {
    const file = write(line);
    const theirs = asked.map(([address, port]) => {
      const { stdout } = spawnSync("ssh-keygen", ["-F", hostName(address, port), "-f", file]);
      return stdout.toString().includes("found: line 1");
    });
    const known = parseKnownHosts(line);
    // ssh-keygen does not fall back to the name without the port, as ssh does.
    const ours = asked.map(
      ([address, port]) => knownFor(known, port === 22 ? address : hostName(address, port), 22).length > 0,
    );
    expect(ours).toEqual(theirs);
  });

  test("hashed by ssh-keygen -H", () => {
    const file = write(`web1,web2 ${pin}\n[web1]:2222 ${pin}\n`);
    execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
    const known = parseKnownHosts(execFileSync("cat", [file]).toString());
    const lines = [
      ["web1", 22],
      ["web2", 22],
      ["web3", 22],
      ["web1", 2222],
    ].map(([address, port]) => knownFor(known, String(address), Number(port)).map((entry) => entry.line));
    expect(lines).toEqual([[1], [2], [], [3]]);
  });
});

needs("sshd")("verdicts agree with ssh itself", () => {
  let fleet: SshdFleet;
  beforeAll(async () => {
    fleet = await sshdFleet({ hosts: 1, namespaces: false });
  });
  afterAll(() => fleet?.close());

  /** KEY: the server's own, OTHER: another, NAME: [address]:port. */
  const files: string[] = [
    "NAME KEY\n",
    "NAME KEY\r\n",
    "NAME OTHER\n",
    "NAME OTHER\nNAME KEY\n",
    "127.0.0.1 KEY\n",
    "127.0.0.1 OTHER\n",
    "127.0.0.1 KEY\nNAME OTHER\n",
    "127.0.0.1 OTHER\nNAME KEY\n",
    "* KEY\n",
    "*,!NAME KEY\n",
    "[127.0.0.?]:* KEY\n",
    "@revoked NAME KEY\nNAME KEY\n",
    "NAME KEY\n@revoked * KEY\n",
    "@revoked NAME OTHER\nNAME KEY\n",
    "@revoked NAME OTHER\n127.0.0.1 KEY\n",
    "@revoked 127.0.0.1 KEY\nNAME KEY\n",
    "@revoked 127.0.0.1 KEY\n127.0.0.1 KEY\n",
    "@cert-authority * KEY\n",
    "@cert-authority NAME OTHER\n127.0.0.1 KEY\n",
    "# NAME KEY\n",
    "  NAME\tKEY  \n",
    "other KEY\n",
    "",
  ];
  test.each(files)("%j", (file) => {
    const host = fleet.hosts[0];
    if (host === undefined) throw new Error("no host");
    const key = host.knownHostsLine().trim().split(" ").slice(1).join(" ");
    const text = file
      .replaceAll("NAME", `[127.0.0.1]:${host.port}`)
      .replaceAll("KEY", key)
      .replaceAll("OTHER", pin);
    const { stderr } = spawnSync(
      "ssh",
      [
        ...[
          "-F",
          "/dev/null",
          "-p",
          String(host.port),
          "-o",
          "BatchMode=yes",
          "-o",
          "StrictHostKeyChecking=yes",
        ],
        ...["-o", `UserKnownHostsFile=${write(text)}`, "-o", "GlobalKnownHostsFile=/dev/null"],
        ...["-o", "IdentitiesOnly=yes", "-o", "IdentityFile=/dev/null", "nobody@127.0.0.1", "true"],
      ],
      { env: { PATH: process.env.PATH } },
    );
    const said = stderr.toString();
    const theirs = /Permission denied/.test(said) ? "trusted" : /REVOKED/.test(said) ? "revoked" : "refused";
    const blob = Buffer.from(key.split(" ")[1] ?? "", "base64");
    const { verdict: found } = verdict(parseKnownHosts(text), "127.0.0.1", host.port, blob);
    const ours = found === "mismatch" || found === "unknown" ? "refused" : found;
    expect({ ours, said: ours === theirs ? "" : said }).toEqual({ ours: theirs, said: "" });
  });
});
