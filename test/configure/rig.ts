import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packArtifact } from "@deploy/artifact";
import {
  type Config,
  type Facts,
  type Phase,
  type Plan,
  parseConfig,
  type Report,
  Secret,
} from "@deploy/core";
import { openSession, type Session } from "@deploy/session";
import { type FleetHost, type SshdFleet, sshdFleet } from "@deploy/testkit";

type Files = Readonly<Record<string, string>>;
type Part = Readonly<Record<string, unknown>>;

/** What a run says of itself beside its files. */
export interface Asked {
  readonly configure: Part;
  readonly activate?: Part;
  readonly migrate?: string;
  readonly phases?: readonly Phase[];
}

/** A host with a systemd of its own, where a user without rights deploys by the production code. */
export interface Rig {
  readonly fleet: SshdFleet;
  /** As root, beside ssh. Throws what it said where it failed. */
  root(script: string, input?: string): Promise<string>;
  /** As root; the answer whatever it was. */
  attempt(script: string): Promise<string>;
  deploy(files: Files, asked: Asked): Promise<Report>;
  rollback(asked: Asked): Promise<Report>;
  /** What a deploy of these files would do, and what the host said. */
  look(files: Files, asked: Asked): Promise<{ readonly plan: Plan; readonly facts: readonly Facts[] }>;
  close(): Promise<void>;
}

const login = [
  'SetEnv "HOME=/home/deploy" "PATH=/usr/local/bin:/usr/bin:/bin"',
  "AuthorizedKeysFile /etc/ssh/deploy_keys",
];

export async function openRig(): Promise<Rig> {
  const fleet = await sshdFleet({ hosts: [{ systemd: true, config: login }] });
  const folder = mkdtempSync(join(tmpdir(), "deploy-configure-"));
  const [host] = fleet.hosts as readonly [FleetHost];
  let count = 0;
  const root = async (script: string, input = "") => {
    const { code, stdout, stderr } = await host.exec(["sh", "-c", script], input);
    if (code !== 0) throw new Error(`${stdout}${stderr}`);
    return stdout;
  };
  await root("cat >/etc/ssh/deploy_keys", fleet.keys.public);
  await root("useradd -m -s /bin/sh -p '*' deploy && install -d -o deploy /srv/shop");
  const pack = async (files: Files) => {
    count += 1;
    const directory = join(folder, `${count}`);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, "app", path)), { recursive: true });
      writeFileSync(join(directory, "app", path), text);
    }
    const given = { root: join(directory, "app"), exclude: [], shared: [], time: 1_700_000_000 };
    return packArtifact({ ...given, directory, commit: commitOf(count) });
  };
  const opened = async <T>(asked: Asked, work: (session: Session) => Promise<T>) => {
    const session = await openSession(optionsOf(fleet, asked, count));
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  };
  const planned = async (session: Session, files: Files) => {
    const artifact = await pack({ ...files, run: `${count}` });
    const asked = { kind: "deploy", now: new Date(), commit: commitOf(count) } as const;
    return { artifact, plan: session.plan({ ...asked, artifact: artifact.artifact }) };
  };
  return {
    fleet,
    root,
    attempt: async (script) => {
      const { code, stdout, stderr } = await host.exec(["sh", "-c", script]);
      return `${code} ${stdout}${stderr}`.trim();
    },
    deploy: (files, asked) =>
      opened(asked, async (session) => {
        const phases = asked.phases ?? ["prepare", "data", "activate"];
        return session.run({ ...(await planned(session, files)), phases });
      }),
    rollback: (asked) =>
      opened(asked, (session) =>
        session.run({ plan: session.plan({ kind: "rollback", now: new Date() }), phases: ["activate"] }),
      ),
    look: (files, asked) =>
      opened(asked, async (session) => ({ ...(await planned(session, files)), facts: session.facts })),
    async close() {
      await fleet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const commitOf = (count: number): string => count.toString(16).padStart(40, "0");

/** The config's text; `more`: other keys of it. */
export const textOf = (
  { configure, activate = {}, migrate }: Asked,
  hosts: readonly unknown[],
  more: Part = {},
): string =>
  JSON.stringify({
    ...more,
    ...{ app: "shop", "deploy-to": "/srv/shop", configure, activate, migrate },
    environments: { production: { hosts } },
  });

/** As a command would read it that only looks. */
export const configOf = (asked: Asked): Config =>
  parseConfig(textOf(asked, ["deploy@10.0.0.1"]), { file: "deploy.yml" });

function optionsOf(fleet: SshdFleet, asked: Asked, count: number) {
  const hosts = fleet.hosts.map(({ address, port }) => ({ address, port, username: "deploy" }));
  return {
    configText: textOf(asked, hosts),
    ...{ configFile: "deploy.yml", overrides: {}, runUrl: "", dryRun: false, events: () => {} },
    connection: { knownHosts: fleet.knownHosts(), privateKey: new Secret(fleet.keys.private) },
    signal: new AbortController().signal,
    owner: {
      ...{ id: `org/shop/${count}`, repository: "org/shop", run: `${count}`, attempt: "1" },
      ...{ actor: "ann", commit: commitOf(count), phase: "deploy" },
    },
  };
}
