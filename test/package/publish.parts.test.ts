import { publish, readRepository } from "@deploy/package";
import { s3Store } from "@deploy/store";
import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { build } from "../../packages/package/test/stage.ts";
import { offer, openStand, type Stand } from "./stand.ts";

const publishers = 16;

needs("versitygw")("publishers at once, on S3", () => {
  let server: S3Server;
  let stand: Stand;
  beforeAll(async () => {
    [server, stand] = await Promise.all([s3Server(), openStand()]);
  });
  afterAll(async () => {
    await stand?.close();
    await server?.stop();
  });

  test("lose no package of each other's, and need no lock", async () => {
    const { bucket, endpoint, credentials } = server;
    const packages = [];
    for (let n = 0; n < publishers; n++) {
      const release = `20261121T0844${n + 10}Z-4f2a91c`;
      packages.push((await build(stand.folder, { release })).map(offer));
    }
    // Each with connections of its own.
    const stores = packages.map(() => s3Store({ bucket, prefix: "apt", endpoint, credentials }));
    const published = await Promise.all(
      packages.map((offered, at) => publish(stand.repository({ store: stores[at] as never }), offered)),
    );
    const found = await readRepository(stores[0] as never, "stable", await stand.signer.publicKey());
    const named = found?.stanzas.map(({ name, version }) => `${name} ${version}`).sort();
    expect(named).toEqual(
      published.flatMap(({ stanzas }) => stanzas.map(({ name, version }) => `${name} ${version}`)).sort(),
    );
    expect(named).toHaveLength(2 * publishers);
    expect(published.some(({ retries }) => retries > 0)).toBe(true);
    // Whoever was last signed what lies there.
    expect(published.map(({ index }) => index)).toContain(found?.digest);
    for (const store of stores) store.close();
  }, 120_000);
});
