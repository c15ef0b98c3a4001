import type { ArtifactSource } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { deploy, goBack, packSite, type Site } from "./deploy.ts";
import { brokenIn, first, put, second, siteOf } from "./sites.ts";
import type { HutSubject } from "./subject.ts";

const noise = (seed: number): string =>
  Array.from({ length: 30_000 }, (_, at) => ((at * seed * 2_654_435_761) % 4_294_967_296).toString(36)).join(
    "",
  );
const big: Site = { ...second, "big.bin": noise(7), "big2.bin": noise(11) };

/** A connection that is lost on its way: the next run makes it whole, or a way back what it was. */
export function cuts(get: () => HutSubject, make: () => Promise<HutSubject>): void {
  test.each([0.1, 0.5, 0.99])("cut at %d of its bytes, the next run ends it", async (part) => {
    put(get(), "uploads/cat.jpg", "theirs");
    const [a, b] = [await packSite(first), await packSite(big)];
    const whole = await bytesOf(make, a, b);
    const transport = await get().connect();
    await deploy(transport, "1-a", a);
    await transport.close();
    const cut = await get().cutAfter?.(Math.floor(whole * part));
    if (cut === undefined) throw new Error("there is no connection to cut");
    await expect(deploy(cut, "2-b", b)).rejects.toMatchObject({ problem: { code: "connection-lost" } });
    await cut.close();
    expect(brokenIn(get())).toEqual([]);
    const again = await get().connect();
    await deploy(again, "2-b", b, { takeover: "run-2-b", owner: "run-again" });
    expect(siteOf(get())).toEqual({ ...big, "uploads/cat.jpg": "theirs" });
    await goBack(again, ["2-b", "1-a"]);
    expect(siteOf(get())).toEqual({ ...first, "uploads/cat.jpg": "theirs" });
    await again.close();
  });
}

/** What a whole deploy of it takes, after another one, on such a server. */
async function bytesOf(
  make: () => Promise<HutSubject>,
  ...[a, b]: readonly ArtifactSource[]
): Promise<number> {
  const subject = await make();
  const transport = await subject.cutAfter?.(Number.MAX_SAFE_INTEGER);
  if (transport === undefined || a === undefined || b === undefined) throw new Error("nothing to measure");
  await deploy(transport, "1-a", a);
  const before = subject.bytes?.() ?? 0;
  await deploy(transport, "2-b", b);
  const bytes = (subject.bytes?.() ?? 0) - before;
  await transport.close();
  await subject.dispose();
  return bytes;
}
