import type { Upload } from "../config/types.ts";
import type { ReachedHost } from "../facts.ts";
import { type Method, uploadMethods } from "../methods/methods.ts";
import { canonicalJson } from "./digest.ts";
import type { FleetFacts } from "./fleet.ts";
import type { Delivery } from "./types.ts";
import { count, few } from "./words.ts";

/** Hosts that get the release in the same way; without `delivery`, as the config says nothing about it. */
export interface Delivered {
  readonly hosts: readonly string[];
  readonly delivery?: Delivery;
}

/** From so many hosts on, a store in between pays. */
const manyHosts = 8;

/**
 * How the release comes to each of `hosts`: first those that get it as the config wants it, then those that cannot.
 * What a host gets does not depend on which hosts are asked for: a plan for fewer of them is a part of the larger one.
 */
export function deliver(fleet: FleetFacts, hosts: readonly string[]): readonly Delivered[] {
  const { upload } = fleet.config;
  if (upload === undefined) return [{ hosts }];
  const wanted = wantedBy(fleet, upload);
  const given = hosts.map((host) => ({ host, delivery: deliveryTo(factsOf(fleet, host), wanted) }));
  const others = new Map(
    given
      .filter(({ delivery }) => delivery !== wanted)
      .map(({ delivery }) => [canonicalJson(delivery), delivery]),
  );
  const ways = [wanted, ...[...others].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, delivery]) => delivery)];
  return ways.map((delivery) => ({
    hosts: given
      .filter((entry) => canonicalJson(entry.delivery) === canonicalJson(delivery))
      .map(({ host }) => host),
    delivery,
  }));
}

/** Hosts that do not get the release as the config wants it, and those to which it goes as it is. */
export function warnDelivery(fleet: FleetFacts, hosts: readonly string[]): readonly string[] {
  const [wanted, ...others] = deliver(fleet, hosts).flatMap(({ hosts: named, delivery }) =>
    delivery === undefined ? [] : [{ named, delivery }],
  );
  const asked = fleet.config.upload?.compression === "none";
  const bare = asked
    ? []
    : fleet.reached.filter(({ host, tools }) => hosts.includes(host) && !tools.zstd && !tools.gzip);
  return [
    ...(wanted === undefined
      ? []
      : others.map(({ named, delivery }) => fallbackWords(named, delivery, wanted.delivery))),
    ...(bare.length === 0
      ? []
      : [
          `to ${few(bare.map(({ host }) => host))} the release goes uncompressed: neither zstd nor gzip is there`,
        ]),
  ];
}

function fallbackWords(
  hosts: readonly string[],
  { method, because = "" }: Delivery,
  wanted: Delivery,
): string {
  const how =
    method === wanted.method
      ? `compressed as can be read there, not with ${wanted.compression}`
      : `an artifact from the runner, not ${wanted.method}`;
  return `to ${few(hosts)} the release is ${how}: ${because}`;
}

function wantedBy(fleet: FleetFacts, upload: Upload): Delivery {
  const { unchanged, verify, compression, atOnce, store, repository, hostKeys } = upload;
  const rest = { unchanged, ...(verify === "whole" ? { verify } : {}), compression, atOnce };
  const stored = store === undefined ? {} : { store };
  if (upload.method !== "auto") {
    const { fetches, clones } = uploadMethods[upload.method];
    const from = {
      ...(repository === undefined ? {} : { repository }),
      ...(hostKeys === undefined ? {} : { hostKeys }),
    };
    return { method: upload.method, ...rest, ...(fetches ? stored : {}), ...(clones ? from : {}) };
  }
  const all = fleet.config.hosts.length;
  const able = fleet.config.hosts.filter(
    ({ name }) => lackFor("pull", factsOf(fleet, name)) === undefined,
  ).length;
  if (store !== undefined && able >= manyHosts) {
    return { method: "pull", ...rest, ...stored, because: `${count(able, "host")} can fetch at once` };
  }
  const where = store === undefined && all >= manyHosts ? ", no store to fetch from" : "";
  const who = store === undefined || able === all ? count(all, "host") : `${able} of ${all} hosts can fetch`;
  return { method: "artifact", ...rest, because: `${who}${where}: the runner sends it itself` };
}

/** `wanted` itself, or what a host gets that cannot do it. One that was not read can: it may be back any moment. */
function deliveryTo(host: ReachedHost | undefined, wanted: Delivery): Delivery {
  const lack = lackFor(wanted.method, host);
  const method = lack === undefined ? wanted.method : "artifact";
  const unread = unreadBy(host, { ...wanted, method });
  if (lack === undefined && unread === undefined) return wanted;
  const { store: _store, repository: _repository, hostKeys: _hostKeys, ...rest } = wanted;
  return {
    ...(lack === undefined ? wanted : rest),
    method,
    compression: unread === undefined ? wanted.compression : "auto",
    because: [lack, unread].filter((part) => part !== undefined).join("; "),
  };
}

/** What a host lacks for a method, in words; undefined: nothing, or nobody read it. */
function lackFor(method: Method, host: ReachedHost | undefined): string | undefined {
  return host === undefined ? undefined : uploadMethods[method].lack(host);
}

/** What a host cannot read, in words. */
function unreadBy(
  host: ReachedHost | undefined,
  { method, compression }: Pick<Delivery, "method" | "compression">,
): string | undefined {
  if (host === undefined || uploadMethods[method].own || compression === "auto" || compression === "none") {
    return undefined;
  }
  return host.tools[compression] ? undefined : `${compression} is not there`;
}

function factsOf({ reached }: FleetFacts, name: string): ReachedHost | undefined {
  return reached.find(({ host }) => host === name);
}
