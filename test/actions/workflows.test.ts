import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "../..");
const takesLock = (action: string) =>
  readFileSync(join(root, "actions", action, "action.yml"), "utf8").includes("\n  lock-wait:\n");

test.each(["deploy", "rollback"])(
  "%s: whoever may wait for a dead run's lock asks whether it is dead",
  (name) => {
    const text = readFileSync(join(root, `.github/workflows/${name}.yml`), "utf8");
    const jobs = text.split(/^(?= {2}[a-z]+:$)/m);
    const steps = jobs.flatMap((job) =>
      job
        .split(/^(?= {6}- name: )/m)
        .map((step) => ({ step, job, action: /uses: \$\/(\S+)/.exec(step)?.[1] })),
    );
    const taking = steps.filter(({ action }) => action !== undefined && takesLock(action));
    expect(taking.length).toBeGreaterThan(0);
    for (const { step, job } of taking) {
      expect(step).toMatch(/lock-wait: \$\{\{ inputs\.lock-wait \}\}/);
      expect(step).toMatch(/github-token: \$\{\{ github\.token \}\}/);
      expect(job).toContain("      actions: read # ");
    }
  },
);
