import { describe, expect, test } from "@jest/globals";
import { type Meter, Progress } from "../src/deliver/progress.ts";
import { ManualClock } from "./clock.ts";

/** Uploads that last until the test is over. */
function uploads(hosts: readonly string[], all = hosts.length) {
  const clock = new ManualClock();
  const notes: string[] = [];
  const progress = new Progress(all, {
    clock,
    events: (event) => void (event.kind === "note" && notes.push(event.text)),
  });
  const meters: Meter[] = [];
  const ends: (() => void)[] = [];
  const running = hosts.map((host) =>
    progress.run(host, (meter) => {
      meters.push(meter);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  const watching = progress.watch();
  const meter = (index: number) => meters[index] as Meter;
  const end = async (index: number) => {
    ends[index]?.();
    await running[index];
  };
  return { clock, notes, progress, meter, end, watching };
}

describe("while uploads run", () => {
  test("who is not done is told every ten seconds: bytes, rate and estimate", async () => {
    const { clock, notes, meter, end } = uploads(["web1", "web3", "web9"]);
    for (const index of [0, 1, 2]) meter(index).expect(19_000_000);
    meter(1).add(7_800_000);
    meter(2).add(19_000_000);
    await end(0);
    await clock.advance(9_999);
    expect(notes).toEqual([]);
    await clock.advance(1);
    expect(notes).toEqual([
      "still uploading: web3 41 %, 7.8 of 19 MB, 780 kB/s, about 15 s left; web9 sent all, verifying",
    ]);
    meter(1).add(1_000_000);
    await end(2);
    await clock.advance(10_000);
    expect(notes.at(-1)).toBe("still uploading: web3 46 %, 8.8 of 19 MB, 100 kB/s, about 102 s left");
    await clock.advance(10_000);
    expect(notes.at(-1)).toBe("still uploading: web3 46 %, 8.8 of 19 MB, nothing taken lately");
    await end(1);
    await clock.advance(10_000);
    expect(notes.length).toBe(3);
  });

  test("at most five by name, the slowest first, and how many more", async () => {
    const names = Array.from({ length: 7 }, (_, index) => `web${index}`);
    const { clock, notes, meter } = uploads(names, 20);
    for (const index of names.keys()) {
      meter(index).expect(1_000);
      meter(index).add(900 - 100 * index);
    }
    await clock.advance(10_000);
    expect(notes).toEqual([
      "still uploading: web6 30 %, 300 B of 1.0 kB, 30 B/s, about 24 s left; web5 40 %, 400 B of 1.0 kB, 40 B/s, about 15 s left; " +
        "web4 50 %, 500 B of 1.0 kB, 50 B/s, about 10 s left; web3 60 %, 600 B of 1.0 kB, 60 B/s, about 7 s left; " +
        "web2 70 %, 700 B of 1.0 kB, 70 B/s, about 5 s left; 2 more; 13 wait for their turn",
    ]);
  });

  test("a host that fetches, and one of which the size is not known", async () => {
    const { clock, notes, meter } = uploads(["web1", "web2"], 3);
    meter(0).expect(19_000_000, true);
    meter(1).expect(undefined);
    meter(1).reach(500_000);
    meter(1).reach(2_000_000);
    await clock.advance(10_000);
    expect(notes).toEqual([
      "still uploading: web1 is fetching 19 MB; web2 2.0 MB, 200 kB/s; 1 waits for its turn",
    ]);
    expect(meter(1).sent).toBe(2_000_000);
  });

  test("one whose parcel is still being made", async () => {
    const { clock, notes } = uploads(["web1"]);
    await clock.advance(10_000);
    expect(notes).toEqual(["still uploading: web1 has not begun"]);
  });

  test("a second attempt counts anew, and all of it was sent", () => {
    const { meter } = uploads(["web1"]);
    meter(0).expect(1_000);
    meter(0).add(600);
    meter(0).expect(1_000);
    meter(0).add(100);
    expect([meter(0).part, meter(0).sent]).toEqual([0.1, 700]);
  });

  test("nobody is told anything once it is over", async () => {
    const { clock, notes, progress, watching } = uploads(["web1"]);
    progress.end();
    await watching;
    await clock.advance(60_000);
    expect(notes).toEqual([]);
  });
});
