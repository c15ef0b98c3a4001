import {
  type Config,
  type Delivery,
  type Plan,
  type ReachedHost,
  stepsNamed,
  type Tool,
  type Upload,
} from "@deploy/core";
import { hostOf, reachedHost } from "../fixtures.ts";

export const store = { to: "s3://shop-releases", checksums: "crc32" } as const;
export const rest = { unchanged: "copy", compression: "auto", atOnce: 64 } as const;
export const names = ["web1", "web2", "web3"];

export function uploadOf(changes: Partial<Upload>): Upload {
  return { method: "artifact", ...rest, verify: "changed", filter: [], ...changes };
}

/** A host with these tools beside what every host needs. */
export function hostWith(host: string, tools: readonly Tool[], rsyncVersion?: string): ReachedHost {
  const found = Object.fromEntries(["tar", "sha256sum", ...tools].map((tool) => [tool, true]));
  return reachedHost(host, { tools: found, ...(rsyncVersion === undefined ? {} : { rsyncVersion }) });
}

export function uploadsOf(plan: Plan): readonly object[] {
  return stepsNamed(plan, "upload").map(({ id: _, ...step }) => step);
}

export const step = (hosts: readonly string[], delivery: Partial<Delivery>): object => ({
  step: "upload",
  hosts,
  delivery: { method: "artifact", ...rest, ...delivery },
});

export interface Many {
  readonly names: readonly string[];
  readonly config: Pick<Config, "hosts">;
  readonly facts: readonly ReachedHost[];
}

/** So many hosts, with what tools each has. */
export function many(count: number, tools: (index: number) => readonly Tool[]): Many {
  const hosts = Array.from({ length: count }, (_, index) => `web${index + 1}`);
  const facts = hosts.map((name, index) => hostWith(name, ["gzip", ...tools(index)]));
  return { names: hosts, config: { hosts: hosts.map((name) => hostOf(name)) }, facts };
}
