import type { Facts, ReachedHost } from "../facts.ts";
import { judge, type Remark } from "./remark.ts";

/** What a host says of itself when `deploy doctor` asks, beside the probe. */
export interface Examination {
  /** Seconds since 1970. */
  readonly clock: number;
  readonly umask: string;
  /** Folders on the way to what is live that others cannot enter, the innermost first. */
  readonly closed: readonly string[];
  /** Folders of deploy-to on another file system than it. */
  readonly apart: readonly string[];
  /** Everybody may read `shared/.env`. */
  readonly readable: boolean;
  /** Names of its variables that switch debugging on, or name a stage that is none. */
  readonly debug: readonly string[];
  readonly stage: readonly string[];
  /** Whether somebody listens at the port, and to whom: to the machine itself, or to everybody. */
  readonly listens: "nobody" | "own" | "all";
  /** `Debian GNU/Linux 12 (bookworm)`; "" where it does not say. */
  readonly system: string;
  /** Of each check, in order: its exit code and what it said. */
  readonly checks: readonly { readonly code: number; readonly said: string }[];
}

export interface HostReading {
  readonly facts: Facts;
  /** Absent where the host was not reached, or did not answer. */
  readonly examined?: Examination;
  /** Seconds that its clock is ahead of ours, and half of the time it took to ask. */
  readonly ahead?: number;
  readonly unsure?: number;
}

export interface Expected {
  readonly user: string;
  /** Names of the services whose checks were asked, in order. */
  readonly services: readonly string[];
  readonly port?: number;
  readonly keep: number;
}

/** The lines about one host. Pure. */
export function hostRemarks(reading: HostReading, asked: Expected): readonly Remark[] {
  const { facts, examined } = reading;
  const { host } = facts;
  if (!facts.reached) {
    const { message, hint } = facts.problem;
    return [{ level: "stop", about: "ssh", host, text: message, fix: hint }];
  }
  const logged: Remark = { level: "ok", about: "ssh", host, text: `logged in as ${facts.user}` };
  if (examined === undefined)
    return [logged, { level: "unknown", about: "server", host, text: "it did not answer what doctor asks" }];
  return [
    logged,
    clockOf(reading, host),
    roomOf(facts, asked, host),
    ...foldersOf(examined, asked, host),
    ...settingsOf(examined, host),
    ...(asked.port === undefined ? [] : [portOf(examined, asked.port, facts, host)]),
    ...examined.checks.map((check, index) => serviceOf(check, asked.services[index] ?? "service", host)),
  ];
}

/** Leases and logs are reckoned with it; S3 refuses what is signed a quarter of an hour off. */
function clockOf({ ahead = 0, unsure = 0 }: HostReading, host: string): Remark {
  const off = Math.max(0, Math.abs(ahead) - unsure);
  const text = `its clock is ${Math.round(Math.abs(ahead))} s ${ahead > 0 ? "ahead" : "behind"}: leases and logs lie`;
  const fix = "sudo timedatectl set-ntp true";
  const level = off > 60 ? "stop" : "warn";
  return judge(off > 2, { level, about: "clock", host, text, fix }, "right to two seconds");
}

function roomOf({ freeBytes, freeInodes, releases }: ReachedHost, { keep }: Expected, host: string): Remark {
  const last = releases.findLast(({ weight }) => weight !== undefined)?.weight;
  const few = last !== undefined && (freeBytes < 2 * last.bytes || freeInodes < 2 * last.inodes);
  const text = `there is no room for two more releases of ${Math.ceil((last?.bytes ?? 0) / 1e6)} MB: ${Math.floor(freeBytes / 1e6)} MB are free`;
  const fix = `make room, or keep fewer than ${keep}: keep-releases`;
  const full = freeBytes < 50e6 || freeInodes < 1000;
  if (full)
    return {
      level: "stop",
      about: "disk",
      host,
      text: `only ${Math.floor(freeBytes / 1e6)} MB and ${freeInodes} inodes are free`,
      fix,
    };
  return judge(
    few,
    { level: "warn", about: "disk", host, text, fix },
    `${Math.floor(freeBytes / 1e6)} MB free`,
  );
}

function foldersOf({ closed, apart }: Examination, { user }: Expected, host: string): readonly Remark[] {
  const [inner] = closed;
  return [
    judge(
      inner !== undefined,
      {
        ...{ level: "warn", about: "folders", host },
        text: `${inner} lets only its owner in: nginx, who is neither, cannot read below it`,
        fix: `chmod o+x ${inner}`,
      },
      "a web server gets to what is live",
    ),
    ...apart.map((path) => ({
      ...({ level: "stop", about: "file system", host } as const),
      text: `${path} is on another one than deploy-to: nothing can be switched by a rename`,
      fix: `let ${user} have both on one file system`,
    })),
  ];
}

function settingsOf({ readable, debug, stage }: Examination, host: string): readonly Remark[] {
  const names = [...debug, ...stage];
  return [
    judge(
      readable,
      {
        ...{ level: "warn", about: "secrets", host },
        text: "everybody on the server may read shared/.env",
        fix: "chmod 600 shared/.env",
      },
      "shared/.env is not for everybody",
    ),
    judge(
      names.length > 0,
      {
        ...{ level: "warn", about: "debug", host },
        text: `shared/.env sets ${names.join(", ")} as for a desk: visitors may be shown the code`,
        fix: "edit shared/.env on the server, and let the app read it again",
      },
      "nothing in shared/.env switches debugging on",
    ),
  ];
}

function portOf({ listens }: Examination, port: number, facts: ReachedHost, host: string): Remark {
  if (listens === "all")
    return {
      ...{ level: "warn", about: "port", host },
      text: `${port} is open to everybody who reaches the server, past the web server`,
      fix: "listen on 127.0.0.1",
    };
  const live = facts.current.kind === "release";
  const silent: Remark = {
    ...{ level: live ? "warn" : "ok", about: "port", host },
    text: live ? `nobody listens on ${port}, though a release is live` : `nobody listens on ${port} yet`,
  };
  return judge(listens === "nobody", silent, `${port} is listened on, on the server alone`);
}

/** The reason is what the check said for people. */
function serviceOf({ code, said }: Examination["checks"][number], service: string, host: string): Remark {
  const reason = said.match(/^deploy: (.*)$/m)?.[1] ?? said.trim().split("\n").at(-1) ?? "";
  const text = reason === "" ? `its check ended ${code}` : reason;
  return judge(code !== 0, { level: "stop", about: service, host, text }, "it can be told of a release");
}

/** What hosts of one app should have in common, and do not. */
export function driftRemarks(readings: readonly HostReading[]): readonly Remark[] {
  const systems = new Map<string, string[]>();
  for (const { facts, examined } of readings)
    if (examined !== undefined && examined.system !== "")
      systems.set(examined.system, [...(systems.get(examined.system) ?? []), facts.host]);
  if (systems.size === 0) return [];
  const listed = [...systems].map(([system, hosts]) => `${hosts.join(", ")}: ${system}`).join("; ");
  const remark: Remark = {
    level: "warn",
    about: "drift",
    text: `servers differ in their system (${listed})`,
  };
  return [judge(systems.size > 1, remark, `every server has ${listed.split(": ").at(-1)}`)];
}
