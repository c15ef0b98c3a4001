import { dataSize, duration } from "../amounts.ts";
import type { Migrate } from "../config/types.ts";
import type { Delivery, Plan, Step } from "../plan/types.ts";
import { count, few } from "../plan/words.ts";
import { backupWords } from "./backupWords.ts";

/** `Deploy of shop to production`; `show` makes a value fit for where it stands. */
export function planTitle(plan: Plan, show: (text: string) => string = (text) => text): string {
  const [app, environment] = [show(plan.app), show(plan.environment)];
  if (plan.kind === "reconcile") return `Reconcile ${app} on ${environment}`;
  return `${plan.kind === "rollback" ? "Rollback" : "Deploy"} of ${app} to ${environment}`;
}

/** Which hosts, in words: all of them, or their names. */
export function whichHosts(plan: Plan, hosts: readonly string[]): string {
  if (hosts.length === 1) return hosts[0] ?? "";
  return hosts.length === plan.hosts.length ? `all ${hosts.length} hosts` : few(hosts, 10);
}

/** What a step runs or asks, one entry per line shown; exactly what will run. */
export function stepCommands(step: Step): readonly string[] {
  switch (step.step) {
    case "prepare":
    case "reload":
      return [step.run];
    case "migrate":
      return step.diagnose === undefined
        ? [step.run]
        : [step.run, `${step.diagnose} # only when it is silent`];
    case "backup":
      return step.backup.database === "command" ? [step.backup.run, step.backup.verify] : [];
    default:
      return [];
  }
}

/** What a step does, in words. */
export function stepWords(plan: Plan, step: Step): string {
  const env = "envFile" in step && step.envFile !== undefined ? `, with shared/${step.envFile}` : "";
  switch (step.step) {
    case "upload":
      return [
        plan.artifact === undefined ? "the release" : artifactWords(plan.artifact),
        ...deliveryWords(step.delivery, step.hosts.length),
        ...bridgeWords(step.bridge),
      ].join("; ");
    case "prepare":
      return `in the new release folder${env}`;
    case "backup":
      return backupWords(step.backup);
    case "migrate":
      return [`once, in the new release folder${env}`, ...migrateWords(step)].join("; ");
    case "switch":
      return step.hosts.length === 1 ? "current is replaced" : "current is replaced on all of them together";
    case "reload":
      return `in the live folder${env}`;
    case "health":
      return healthWords(step.health);
    case "finish":
      return `${finishWords[plan.kind]}${step.keepFor === undefined ? "" : `; what was live within ${duration(step.keepFor * 1000)} stays`}`;
  }
}

const finishWords = {
  deploy: "mark the release good, remove old ones",
  rollback: "mark the release good and the one left behind bad",
  reconcile: "mark the release good",
} as const;

/** What becomes of it when nobody waits for it any longer, and when that is. */
function migrateWords(migrate: Migrate): readonly string[] {
  const { onCancel, grace, silence, timeout, silenceTimeout } = migrate;
  const limits = [
    timeout === undefined ? "" : `after ${duration(timeout)}`,
    silenceTimeout === undefined ? "" : `after ${duration(silenceTimeout)} without output`,
  ].filter((limit) => limit !== "");
  return [
    onCancel === "keep"
      ? "a cancelled run leaves it running"
      : `a cancelled run ends it (TERM, after ${duration(grace)} KILL)`,
    `${duration(silence)} without output are reported`,
    ...(limits.length === 0
      ? []
      : [`${onCancel === "keep" ? "the run stops waiting" : "the run ends it"} ${limits.join(" or ")}`]),
  ];
}

/** How the release comes to the hosts of a step, and why so. */
function deliveryWords(delivery: Delivery | undefined, hosts: number): readonly string[] {
  if (delivery === undefined) return [];
  const { method, unchanged, compression, atOnce, store, because } = delivery;
  const how = {
    artifact: "as an artifact from the runner",
    rsync: "by rsync",
    pull: `by pull: put into ${store?.to ?? "the store"} once, fetched by each host`,
  }[method];
  const packed = compression === "none" ? ", uncompressed" : `, compressed with ${compression}`;
  return [
    [
      how,
      method === "rsync" || compression === "auto" ? "" : packed,
      because === undefined ? "" : ` (${because})`,
    ].join(""),
    ...(unchanged === "link" ? ["unchanged files are links to those of the live release"] : []),
    ...(hosts > atOnce ? [`at most ${count(atOnce, "host")} at once`] : []),
  ];
}

function bridgeWords(bridge: Extract<Step, { step: "upload" }>["bridge"]): readonly string[] {
  if (bridge === undefined) return [];
  const where = bridge.folder === "." ? "" : ` in ${bridge.folder}`;
  return [`keeps asset files of the last ${bridge.releases} releases${where}`];
}

export function artifactWords({ files, bytes: size }: NonNullable<Plan["artifact"]>): string {
  return `${count(files, "file")}, ${dataSize(size)}`;
}

/** One line per release and reason: most hosts drop the same. */
export function groupedRemovals(plan: Plan): readonly {
  readonly release: string;
  readonly because: string;
  readonly hosts: readonly string[];
}[] {
  const groups = new Map<string, { release: string; because: string; hosts: string[] }>();
  for (const { host, removals } of plan.hosts) {
    for (const { release, because } of removals) {
      const key = `${release}\n${because}`;
      const group = groups.get(key) ?? { release, because, hosts: [] };
      group.hosts.push(host);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

type HealthStep = Extract<Step, { step: "health" }>["health"];

function healthWords({ url, status, expectRelease, within, passes }: HealthStep): string {
  const release = expectRelease ? " and the release's id" : "";
  const times = passes > 1 ? ` ${passes} times in a row` : "";
  return `${url} answers ${status}${release}${times} within ${duration(within)}, or all go back`;
}
