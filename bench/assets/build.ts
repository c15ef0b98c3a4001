import { copyFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { installPackages } from "../../test/assets/packages.ts";
import { interleave, measure } from "./measure.ts";
import { action } from "./ours.ts";
import { printTable } from "./table.ts";
import { changeTree, shape, writeTree } from "./tree.ts";

/** Cold, and warm with nothing or one style sheet changed, against gulp with the same tools. */
export async function benchBuild(work: string, rounds: number): Promise<void> {
  const peers = join(import.meta.dirname, "peers");
  const packages = installPackages(peers);
  const gulpfile = join(dirname(packages), "gulpfile.mjs");
  copyFileSync(join(peers, "gulpfile.mjs"), gulpfile);
  const [ours, theirs, temp] = [join(work, "ours"), join(work, "gulp"), join(work, "temp")];
  for (const tree of [ours, theirs]) writeTree(tree);
  const gulp = (task: "build" | "update") =>
    measure({
      argv: [
        process.execPath,
        join(packages, "gulp/bin/gulp.js"),
        "--gulpfile",
        gulpfile,
        "--cwd",
        theirs,
        task,
      ],
      cwd: theirs,
      env: { PATH: process.env.PATH ?? "", HOME: work },
    });
  const build = () => measure(action(ours, temp, { cache: "false" }));
  const clean = (...folders: readonly string[]) => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  const medians = await interleave(rounds, {
    "ours, cold": () => {
      clean(temp, join(ours, "public"));
      return build();
    },
    "gulp, all": () => {
      clean(join(theirs, "public"));
      return gulp("build");
    },
    "ours, nothing changed": build,
    "gulp-newer, nothing changed": () => gulp("update"),
    "ours, one changed": (round) => {
      changeTree(ours, round);
      return build();
    },
    "gulp-newer, one changed": (round) => {
      changeTree(theirs, round);
      return gulp("update");
    },
  });
  const all = medians["gulp, all"];
  const newer = { none: medians["gulp-newer, nothing changed"], one: medians["gulp-newer, one changed"] };
  const [none, one] = [medians["ours, nothing changed"], medians["ours, one changed"]];
  printTable(
    `Build: ${shape.styles} SCSS entry points, ${shape.parts} shared parts, ${shape.scripts} scripts; whole processes, median of ${rounds}`,
    medians,
    [
      ["cold / gulp", medians["ours, cold"], all, 0.5],
      ["nothing changed / gulp", none, all, 0.1],
      ["one changed / gulp", one, all, 0.1],
      ["nothing changed / gulp-newer", none, newer.none],
      ["one changed / gulp-newer", one, newer.one],
    ],
  );
  console.log(
    "gulp compiles, minifies and maps. Ours also fingerprints, rewrites references, writes a manifest and works out gzip -9 and\n" +
      "brotli 11 sizes. gulp has no cache of its own; gulp-newer goes by modification times, which a fresh checkout does not keep.\n",
  );
}
