import { renderBackupMarkdown } from "@deploy/backup";
import {
  type Config,
  compareManifests,
  type Facts,
  makeReport,
  type News,
  type Outcome,
  type OutcomeStep,
  type Plan,
  plan,
  type ReachedHost,
  type ReleaseFacts,
  type ReportFacts,
  renderPlanMarkdown,
  renderReportMarkdown,
  type Said,
  stepsOf,
} from "@deploy/core";
import { manifest } from "../../packages/backup/test/fakes/request.ts";

const now = new Date("2026-11-30T00:15:17Z");
const [live, before, next] = ["03cc7fb", "63a1d0e", "6319376"].map((short) => short.padEnd(40, "0")) as [
  string,
  string,
  string,
];
const liveId = "20261129T211200Z-03cc7fb";
const beforeId = "20261127T090300Z-63a1d0e";
const login = { port: 22, username: "deploy", roles: [] } as const;

/** The Django example: gunicorn on two hosts behind nginx, with PostgreSQL. */
const config: Config = {
  app: "polls",
  environment: "production",
  url: "https://polls.example.com",
  source: ".",
  exclude: [],
  allowCredentials: [],
  build: [],
  deployTo: "/var/www/polls",
  shared: { directories: ["media"], files: [".env"] },
  keepReleases: 5,
  leader: "web1",
  hosts: ["web1", "web2"].map((name) => ({ name, address: `${name}.example.com`, ...login })),
  prepare: [
    { run: "python3 -m venv .venv", roles: [] },
    { run: ".venv/bin/pip install -r requirements.txt", roles: [] },
    { run: ".venv/bin/python manage.py collectstatic --noinput", roles: [], envFile: ".env" },
  ],
  backup: {
    ...{
      database: "postgres",
      urlSecret: "DATABASE_URL",
      store: { to: "/backups/polls", checksums: "crc32" },
    },
    ...{ encryptTo: [], from: "leader", proof: "read", compression: "auto", minimum: 64, keep: 14 },
  },
  migrate: {
    ...{ run: ".venv/bin/python manage.py migrate --noinput", envFile: ".env" },
    ...{ onCancel: "keep", grace: 10_000, silence: 300_000 },
  },
  activate: {
    strategy: "all",
    reload: [{ run: "sudo systemctl restart polls", roles: [] }],
    health: {
      ...{
        url: "http://127.0.0.1:8000/up",
        status: 200,
        expectRelease: true,
        within: 10_000,
        timeout: 5_000,
      },
      ...{ interval: 500, passes: 1, roles: [] },
    },
  },
};

const file = (path: string, digest: string): string => `f\t644\t390\t${digest}\t${path}\n`;
const common = Array.from({ length: 15 }, (_, index) => file(`polls/same${index}.py`, "s")).join("");
const changed = ["polls/models.py", "polls/views.py", "polls/admin.py"];
const liveManifest = common + changed.map((path) => file(path, "a")).join("");
const nextManifest =
  common + [...changed, "polls/migrations/0003_question_votes.py"].map((path) => file(path, "b")).join("");

const news: News = {
  now,
  from: live,
  commits: {
    ahead: 3,
    behind: 0,
    last: { subject: "Votes", author: "Ada Lovelace" },
    first: { subject: "Questions have votes", author: "Grace Hopper" },
  },
  changes: compareManifests(liveManifest, nextManifest),
  repository: "https://github.com/acme/polls",
  rollbackWorkflow: "rollback.yml",
};

function factsOf(host: string, changes: Partial<ReachedHost> = {}): Facts {
  const release = (id: string, commit: string): ReleaseFacts => ({ id, state: "good", manifest: id, commit });
  return {
    ...{
      host,
      reached: true,
      user: "deploy",
      tools: { tar: true, gzip: true, sha256sum: true, flock: true },
    },
    ...{
      freeBytes: 10 ** 11,
      freeInodes: 10 ** 7,
      writable: true,
      clock: now.getTime() / 1000,
      strangers: [],
    },
    ...{ missingShared: [], adopted: 0, lock: { token: 0, expiresIn: 0 }, journal: [] },
    releases: [release(beforeId, before), release(liveId, live)],
    current: { kind: "release", release: liveId },
    ...changes,
  };
}

const fleet = ["web1", "web2"].map((host) => factsOf(host));
const artifact = { digest: "d".repeat(64), manifest: "m".repeat(64), files: 19, bytes: 7400 };
const deploy: Plan = plan(config, fleet, { kind: "deploy", now, commit: next, artifact });
const rollback: Plan = plan(config, fleet, { kind: "rollback", now });

function ok(made: Plan, until = "none"): readonly Outcome[] {
  const steps = stepsOf(made);
  const end = steps.findIndex(({ step }) => step === until);
  return steps.slice(0, end < 0 ? steps.length : end).flatMap(({ id, step, hosts }) =>
    hosts.map((host) => ({
      ...{ host, id, step, status: "ok" as const, detail: `${step} is done`, milliseconds: 146 },
      ...(step === "upload" ? { transfer: { method: "artifact" as const, sent: 1500, saved: 5900 } } : {}),
    })),
  );
}

function wrong(host: string, step: OutcomeStep, status: "failed" | "unknown", message: string): Outcome {
  const problem = {
    code: "http-failed",
    message,
    hint: "Look at the application's log.",
    place: {},
  } as const;
  const undone = step === "revert" ? { undoes: ["switch", "reload"] } : {};
  return { host, id: step, step, status, detail: message, milliseconds: 10_000, problem, ...undone };
}

function page(run: Partial<ReportFacts>, said: readonly Said[] = []): string {
  const usual = { plan: deploy, outcomes: ok(deploy), dryRun: false, cancelled: false, facts: fleet };
  const timings = { total: 48_000, window: 21_000 };
  const all = { ...usual, timings, live: servedBy(deploy.release, deploy.release), ...run };
  return renderReportMarkdown(makeReport(all), said);
}

function servedBy(web1: string | undefined, web2: string | undefined): ReportFacts["live"] {
  return [
    { host: "web1", release: web1 },
    { host: "web2", release: web2 },
  ];
}

const back = ["web1", "web2"].map((host): Outcome => {
  const told = { detail: `serves ${liveId} again`, milliseconds: 900, undoes: ["switch", "reload"] };
  return { host, id: "revert", step: "revert", status: "ok", ...told };
});
const answered = (host: string) => `http://127.0.0.1:8000/up on ${host} answered 500 for 10 s, expected 200`;
const sick = ["web1", "web2"].map((host) => wrong(host, "health", "failed", answered(host)));
const printed =
  'RuntimeError: STRIPE_KEY is not set\n  File "/var/www/polls/current/polls/views.py", line 11, in up';
const migrated: readonly Said[] = [
  {
    host: "web1",
    step: "migrate",
    text: "Running migrations:\n  Applying polls.0003_question_votes... OK\n",
  },
];

/** Each page that somebody reads at the gate, or at night. */
export const pages: Readonly<Record<string, string>> = {
  plan: renderPlanMarkdown(deploy, news),
  deployed: `${page({ phases: ["prepare"], outcomes: ok(deploy, "backup"), live: servedBy(liveId, liveId) })}\n${page({ phases: ["data"], outcomes: ok(deploy, "switch").filter(({ step }) => step === "backup" || step === "migrate"), live: servedBy(liveId, liveId) }, migrated)}\n${page({})}`,
  reverted: page(
    { outcomes: [...ok(deploy, "health"), ...sick, ...back], live: servedBy(liveId, liveId) },
    ["web1", "web2"].map((host) => ({ host, step: "health", text: printed })),
  ),
  rolledBack: page({ plan: rollback, outcomes: ok(rollback), live: servedBy(beforeId, beforeId) }),
  attention: page({
    outcomes: [
      ...ok(deploy, "health"),
      ...sick,
      ...back.slice(0, 1),
      wrong("web2", "revert", "unknown", "the connection was lost"),
    ],
    live: servedBy(liveId, undefined),
  }),
  backup: renderBackupMarkdown(
    manifest({ id: "20261130T001612Z-polls-30b4", release: deploy.release, live: liveId }),
  ),
};
