import { DeployError } from "@deploy/core";
import {
  badgeOf,
  type EnvironmentStatus,
  pageOf,
  readDocument,
  renderBadge,
  renderFeed,
  renderIndexPage,
  type StatusDocument,
  withEnvironment,
} from "@deploy/core/page";
import type { Store } from "@deploy/store";
import { putInPlace, readVersion, rounds } from "../records/objects.ts";

const document = "status.json";
const page = "text/html; charset=utf-8";

/** Metadata: of two that are written, the larger text is the newer. */
const stamped = "read";

interface Text {
  readonly text: string;
  readonly contentType: string;
  readonly stamp: string;
}

/**
 * Puts an environment's page and badge, then its part of what all environments share: `status.json` first, from which index and feed
 * are made. Each is replaced only by what was read later, so that of any number that publish at once nothing is lost.
 */
export async function publishStatus(store: Store, status: EnvironmentStatus, html: string): Promise<void> {
  const own = { stamp: status.read };
  await putNewer(store, pageOf(status), { ...own, text: html, contentType: page });
  await putNewer(store, badgeOf(status), { ...own, text: renderBadge(status), contentType: "image/svg+xml" });
  const all = await mergeDocument(store, status);
  const stamp = `${all.updated} ${String(all.revision).padStart(12, "0")}`;
  await putNewer(store, "index.html", { stamp, text: renderIndexPage(all), contentType: page });
  await putNewer(store, "feed.atom", { stamp, text: renderFeed(all), contentType: "application/atom+xml" });
}

/** The document with this environment in it, whoever else writes at the same time. What is no document is written anew. */
async function mergeDocument(store: Store, status: EnvironmentStatus): Promise<StatusDocument> {
  for (let round = 0; round < rounds; round++) {
    const version = await readVersion(store, document);
    const before = version === undefined ? undefined : readDocument(version.bytes.toString());
    const after = withEnvironment(before, status);
    if (after === before) return after;
    const text = `${JSON.stringify(after, undefined, 2)}\n`;
    if (await putInPlace(store, document, text, version, { contentType: "application/json" })) return after;
  }
  throw restless(store, document);
}

async function putNewer(store: Store, key: string, { text, contentType, stamp }: Text): Promise<void> {
  const how = { contentType, metadata: { [stamped]: stamp } };
  for (let round = 0; round < rounds; round++) {
    const version = await readVersion(store, key);
    if ((version?.metadata[stamped] ?? "") >= stamp && version !== undefined) return;
    if (await putInPlace(store, key, text, version, how)) return;
  }
  throw restless(store, key);
}

function restless(store: Store, key: string): DeployError {
  const message = `${key} in ${store.location} is written by others without a pause`;
  return new DeployError("store-failed", message, { place: { path: key } });
}
