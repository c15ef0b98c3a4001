import { dataSize } from "../amounts.ts";
import { makeProblem, type Problem } from "../errors.ts";
import type { ReachedHost } from "../facts.ts";
import { uploadMethods } from "../methods/methods.ts";
import { liveRelease, releaseOn } from "../releases/live.ts";
import { planRetention } from "../releases/retention.ts";
import type { FleetFacts } from "./fleet.ts";
import { orAsMuch, type Room, roomFor } from "./room.ts";
import type { Artifact } from "./types.ts";
import { count, list, quotePath } from "./words.ts";

/** Whether one more release has room, with what dead runs left swept away: that is done before anything is made. */
export function checkSpace(
  fleet: FleetFacts,
  host: ReachedHost,
  artifact: Artifact,
  release: string,
): readonly Problem[] {
  const needed = orAsMuch(roomFor(artifact, isLinked(fleet, host)), lastWeight(fleet, host));
  const left = host.reclaim ?? { bytes: 0, inodes: 0 };
  const lackBytes = needed.bytes - host.freeBytes - left.bytes;
  const lackInodes = needed.inodes - host.freeInodes - left.inodes;
  const lacks = [
    lackBytes > 0
      ? `${dataSize(needed.bytes)} needed, ${dataSize(host.freeBytes)} free${also(left.bytes, dataSize)}`
      : "",
    lackInodes > 0
      ? `${needed.inodes} inodes needed, ${host.freeInodes} free${also(left.inodes, String)}`
      : "",
  ].filter((lack) => lack !== "");
  if (lacks.length === 0) return [];
  const more = [lackBytes > 0 ? dataSize(lackBytes) : "", lackInodes > 0 ? count(lackInodes, "inode") : ""];
  const hint = `Free ${list(more.filter((lack) => lack !== ""))} on ${host.host}: nothing was sent, nothing was removed.`;
  return [
    makeProblem("disk-full", `${fleet.config.deployTo}: ${lacks.join("; ")}`, {
      hint: `${hint}${removable(fleet, host, release)}`,
      place: { host: host.host },
    }),
  ];
}

/** What npm and the like bring is in no artifact: what they brought last time is the best guess. */
function lastWeight({ config }: FleetFacts, host: ReachedHost): Room | undefined {
  if (config.prepare.length === 0) return undefined;
  return releaseOn(host, liveRelease(host) ?? "")?.weight;
}

/** Unchanged files take no room where they are links to what is live, which we made. */
function isLinked({ config }: FleetFacts, host: ReachedHost): boolean {
  const live = liveRelease(host);
  const { method, unchanged } = config.upload ?? {};
  if (unchanged !== "link" || (method !== undefined && method !== "auto" && uploadMethods[method].clones))
    return false;
  return live !== null && releaseOn(host, live)?.manifest !== undefined;
}

function also(left: number, show: (amount: number) => string): string {
  return left > 0 ? `, ${show(left)} left by dead runs` : "";
}

/** Old releases go only when a new one is good: where that cannot begin, a person may take them away. */
function removable(fleet: FleetFacts, { host }: ReachedHost, release: string): string {
  const { config, reached } = fleet;
  // Which of them were live just now, only the host can tell.
  if (config.keepFor !== undefined) return "";
  const judged = planRetention({ facts: reached, keep: config.keepReleases, release });
  const verdicts = judged.find((entry) => entry.host === host)?.verdicts ?? [];
  const old = verdicts.filter(({ keep }) => !keep).map((verdict) => verdict.release);
  if (old.length === 0) return "";
  const paths = old.slice(0, 3).map((id) => quotePath(`${config.deployTo}/releases/${id}`));
  return ` This deploy would remove old releases at its end; to do so now, on ${host}: rm -rf ${paths.join(" ")}`;
}
