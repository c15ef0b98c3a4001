import { describe, expect, test } from "@jest/globals";
import { untruths } from "../contributing/count.ts";
import { extensions } from "../contributing/extensions.ts";
import { readTree } from "../contributing/tree.ts";

const tree = readTree();
const all = extensions(tree);
const stray = "packages/engine/src/stray.ts";

/** One way to speak of one of each kind, where nobody should. */
const spoken: Readonly<Record<string, string>> = {
  "step kind": 'if (step.step === "health") return;',
  strategy: 'const isPlain = config.activate.strategy === "all";',
  "upload method": 'const sends = delivery.method === "rsync";',
  "database driver": 'if (backup.database === "files") return;',
  reloader: 'if (service.kind === "gunicorn") return;',
  pool: 'if (pool.kind === "haproxy") return;',
  action: 'const page = "actions/restore/README.md";',
  "config key": 'const path = ["keep-releases"];',
};

describe.each(all)("$mark", (extension) => {
  const { mark, names, others, limit } = extension;
  const found = (more: readonly (readonly [string, string])[]) =>
    untruths(extension, new Map([...tree, ...more]));

  test("the tree is as the page says", () => {
    expect(names.length).toBeGreaterThan(0);
    expect(found([])).toEqual([]);
  });

  test("a file elsewhere that speaks of one is found; a comment is not code", () => {
    const line = spoken[mark] ?? "";
    expect(found([[stray, `  // ${line}\n`]])).toEqual([]);
    expect(found([[stray, `  ${line}\n`]])).toEqual([
      expect.stringMatching(`^${mark}: ${stray} names [\\w-]+, and is none of its places$`),
    ]);
  });

  test("a place that is gone is found", () => {
    const without = [...tree].filter(
      ([path]) => !/restore|retention|health|rsync|sqlite|all|systemd|haproxy/.test(path),
    );
    expect(untruths(extension, new Map(without)).join("\n")).toContain("is not there");
  });

  test("a reason that nothing needs any more is found", () => {
    const emptied = Object.keys(others).map((path) => [path, ""] as const);
    expect(found(emptied)).toEqual(
      emptied.map(([path]) => `${mark}: ${path} names none of them, and needs no reason`),
    );
  });

  test("one place more than there may be is found", () => {
    const place = { path: "one more", what: "" };
    const places = [...extension.places, ...Array(limit).fill(place)];
    expect(untruths({ ...extension, places }, tree)).toEqual([
      expect.stringContaining(`${places.length} places`),
    ]);
  });
});
