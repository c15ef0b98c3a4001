import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetHost, needs, type SshdFleet, sshdFleet } from "@deploy/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { bothOf, carryOut, type Met, planned, type Rows, uploaded } from "./both.ts";
import { type Job, openJob } from "./job.ts";

// As hostMoves, of what only real servers do.

const folder = mkdtempSync(join(tmpdir(), "sshd-moves-"));
const settings = [0, 1].map((host) => join(folder, `sshd${host}.conf`));
let fleet: SshdFleet;
let host: FleetHost;
let jump: FleetHost;
let job: Job;
let jobs = 0;

const onHost = async (script: string): Promise<string> => {
  const { code, stdout, stderr } = await host.exec(["sh", "-c", script]);
  expect([script, code, code === 0 ? "" : stderr]).toEqual([script, 0, ""]);
  return stdout;
};

/** The sshd of a host with these lines before all others. */
async function configure(at: 0 | 1, ...lines: readonly string[]): Promise<void> {
  writeFileSync(settings[at] ?? "", `${lines.join("\n")}\n`);
  const one = at === 0 ? host : jump;
  await one.stop();
  await one.restart();
}

function change(from: string, to: string): void {
  const file = join(job.workspace, ".github/deploy.yml");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(from, to));
}

needs("sshd", "ip")("real servers", () => {
  beforeAll(async () => {
    for (const file of settings) writeFileSync(file, "");
    fleet = await sshdFleet({
      hosts: settings.map((file) => ({ tmpfs: "8m", config: [`Include ${file}`] })),
    });
    [host, jump] = fleet.hosts as [FleetHost, FleetHost];
  });
  afterAll(async () => {
    await fleet?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    const server = { ...host, knownHostsLine: host.knownHostsLine() };
    job = openJob(join(folder, `job${++jobs}`), [server], fleet.keys.private, host.srv);
    job.pin(fleet.knownHosts());
  });

  const root = () => `${host.srv}/job${jobs}`;
  const asNobody = () =>
    configure(
      0,
      'ForceCommand setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c "$SSH_ORIGINAL_COMMAND"',
    );
  const through = (): Met => {
    const line = `root@${jump.host.address}`;
    return { steps: ["plan"], given: { "jump-host": line }, typed: [...planned.typed, "--jump-host", line] };
  };
  const junk = "dd if=/dev/zero bs=1M count=5 2>/dev/null of=";

  const rows: Rows = [
    [
      "host-key-revoked",
      "a new one is made and pinned",
      {
        ...{ met: planned, told: /Do not connect\. Give the server a new host key, then pin that/ },
        fault: () =>
          job.pin(`${fleet.knownHosts()}@revoked * ${host.knownHostsLine().split(" ").slice(1).join(" ")}\n`),
        mend: async () => job.pin(`${job.pins()}${await host.rekey()}\n`),
      },
    ],
    [
      "connect-unreachable",
      "the address is put right",
      {
        ...{ met: planned, told: /Check the address/ },
        fault: () => change(host.host.address, host.host.address.replace(/\d+$/, "199")),
        mend: () => job.configure(),
      },
    ],
    [
      "answer-unreadable",
      "what the login shell reads is removed",
      {
        ...{ met: planned, told: /run `ssh HOST true` and remove what the login shell prints or reads/ },
        fault: () => configure(0, 'ForceCommand cat >/dev/null; eval "$SSH_ORIGINAL_COMMAND"'),
        mend: () => configure(0),
      },
    ],
    [
      "disk-full",
      "room is made",
      {
        ...{ met: planned, told: /Free .* on / },
        async fault() {
          job.write("site/large", "x".repeat(4_000_000));
          await onHost(`${junk}/srv/junk`);
        },
        mend: () => onHost("rm /srv/junk"),
      },
    ],
    [
      "not-writable",
      "the folder is given to the user",
      {
        ...{ met: planned, told: /Give it to that user on .*: sudo install -d -o nobody / },
        async fault() {
          await onHost(`chmod 755 ${host.srv}; rm -rf ${root()}`);
          await asNobody();
        },
        mend: () => onHost(`install -d -o nobody ${root()}`),
      },
    ],
    [
      "write-failed",
      "what belongs to root is given to the user",
      {
        ...{ met: uploaded, told: /Check owner and permissions of deploy-to/ },
        async fault() {
          await onHost(`install -d -o nobody ${root()}`);
          await asNobody();
          await job.deploy();
          job.write("site/page", "by root\n");
          await onHost(`chown root ${root()}/.deploy/manifests; chmod 755 ${root()}/.deploy/manifests`);
        },
        mend: () => onHost(`chown -R nobody ${root()}`),
      },
    ],
  ];

  test.each([
    [
      "forwarding-refused",
      "the jump host allows it",
      {
        ...{ told: /Allow it in the jump host's sshd_config \(AllowTcpForwarding/ },
        fault: () => configure(1, "AllowTcpForwarding no"),
        mend: () => configure(1),
      },
    ],
    [
      "connect-failed",
      "ssh from the same place tells why",
      {
        ...{ told: /Try `ssh` with the same user, host and port from the same place/ },
        fault: () => change(host.host.address, "192.0.2.1"),
        async mend() {
          const { code, stderr } = await jump.exec(["ssh", "-o", "BatchMode=yes", "root@192.0.2.1", "true"]);
          expect([code, stderr]).toEqual([255, expect.stringContaining("unreachable")]);
          job.configure();
        },
      },
    ],
  ] as const)("through a jump host, %s: %s", (code, _, row) =>
    carryOut(job, code, { ...row, met: through() }),
  );

  test.each(rows)("%s: %s", (code, _, row) => carryOut(job, code, row));

  // Channels are asked for again for some seconds: by the command alone.
  test("channel-refused: MaxSessions is raised", async () => {
    const [command] = bothOf(job, planned);
    await configure(0, "MaxSessions 0");
    expect(await command?.refused("channel-refused")).toMatch(/Raise MaxSessions .* a deploy needs 2/);
    await configure(0, "MaxSessions 2");
    await command?.works();
  });
});
