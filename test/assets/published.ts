import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Store, s3Store } from "@deploy/store";
import { type BundleRan, keysOf, readText, runBundle, type S3Server, s3Server } from "@deploy/testkit";
import { openBundles } from "../runner/bundles.ts";
import { startCdn, type TestCdn } from "./cdn.ts";
import { openSite, type Site } from "./fixtures.ts";

/** A checkout, a bucket and the built action between them. */
export interface Shop {
  readonly site: Site;
  readonly server: S3Server;
  /** What lies below the prefix that is published to. */
  readonly store: Store;
  readonly cdn: TestCdn;
  /** Runs the action as the runner does, publishing. */
  run(inputs?: Readonly<Record<string, string>>): Promise<BundleRan>;
  /** Every object's key and text, our records' too. */
  objects(): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

/** Opens all of it. Builds the bundle first where it is old. */
export async function openShop(): Promise<Shop> {
  const bundle = join(await openBundles(), "build-assets", "index.mjs");
  const site = openSite();
  const server = await s3Server();
  const { bucket, endpoint, region, credentials } = server;
  const store = s3Store({ bucket, prefix: "shop", endpoint, region, credentials });
  const cdn = await startCdn(store);
  // RUNNER_TEMP of one job: what was compiled is known to the next step.
  const temp = mkdtempSync(join(tmpdir(), "deploy-assets-temp-"));
  const given = {
    publish: `s3://${bucket}/shop`,
    endpoint,
    region,
    "aws-access-key-id": server.accessKey,
    "aws-secret-access-key": server.secretKey,
  };
  return {
    ...{ site, server, store, cdn },
    run: (inputs = {}) =>
      runBundle({
        bundle,
        temp,
        workspace: site.root,
        inputs: { ...given, ...inputs },
        secrets: [server.secretKey],
      }),
    objects: async () => {
      const keys = await keysOf(store, "");
      return Object.fromEntries(
        await Promise.all(keys.map(async (key) => [key, await readText(store, key)])),
      );
    },
    close: async () => {
      await cdn.close();
      store.close();
      await server.stop();
      site.close();
      rmSync(temp, { recursive: true, force: true });
    },
  };
}
