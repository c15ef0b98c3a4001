import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

/** One host before one pool, through the driver that is tested. */
export interface PoolSubject {
  /** `in`, `draining`, `out` or `down`; `failed` or `unknown` where the pool cannot be read. */
  read(): Promise<string>;
  drain(): Promise<void>;
  return(): Promise<void>;
  /** Requests that are open; undefined where nobody can tell. */
  settle(): Promise<number | undefined>;
  /** Whether a balancer would send somebody there, seen without the driver. */
  isAsked(): Promise<boolean>;
  /** Makes the pool unreadable. */
  breakOff(): Promise<void>;
  close(): Promise<void>;
}

/** What every kind of pool keeps. */
export function poolContract(name: string, open: () => Promise<PoolSubject>): void {
  describe(`the pool ${name}`, () => {
    let pool: PoolSubject;
    beforeEach(async () => {
      pool = await open();
    });
    afterEach(() => pool.close());

    test("a host leaves and returns, and balancers see it", async () => {
      expect([await pool.read(), await pool.isAsked()]).toEqual(["in", true]);
      await pool.drain();
      expect([["draining", "out"].includes(await pool.read()), await pool.isAsked()]).toEqual([true, false]);
      await pool.return();
      expect([await pool.read(), await pool.isAsked()]).toEqual(["in", true]);
    });

    test("twice is once", async () => {
      await pool.return();
      expect(await pool.read()).toBe("in");
      await pool.drain();
      const once = await pool.read();
      await pool.drain();
      expect(await pool.read()).toBe(once);
      await pool.return();
      await pool.return();
      expect(await pool.read()).toBe("in");
    });

    test("a host that is out has nothing open in the end", async () => {
      await pool.drain();
      expect([0, undefined]).toContain(await pool.settle());
    });

    test("what cannot be read is no standing", async () => {
      await pool.breakOff();
      expect(["failed", "unknown"]).toContain(await pool.read());
    });
  });
}
