import { tells } from "@deploy/core";
import { manifestAt } from "../repository.ts";
import type { Stack } from "../stack.ts";
import { managerOf } from "./node.ts";
import { nodeKindOf } from "./nodeKinds.ts";

/** By package: where its pages are then. Next is one of them where it exports. */
const makers: Readonly<Record<string, string>> = {
  next: "out",
  "react-scripts": "build",
  "@11ty/eleventy": "_site",
  ...{ vite: "dist", astro: "dist", "@angular/cli": "dist", parcel: "dist" },
};

/** Pages that a build makes, and nothing runs on the server but nginx. */
export const vite: Stack = {
  name: "static",
  words: "pages that a build makes",
  found(repository) {
    const manifest = manifestAt(repository, "package.json");
    const { packages, scripts } = manifest;
    const served = nodeKindOf(repository, manifest) !== undefined || /^node /.test(scripts.start ?? "");
    return (
      (!served && scripts.build !== undefined && packages.some((name) => Object.hasOwn(makers, name))) ||
      (!repository.has("package.json") && repository.has("index.html"))
    );
  },
  recipe(_, repository) {
    const { packages, scripts } = manifestAt(repository, "package.json");
    const manager = managerOf(repository);
    const [, output = "dist"] = Object.entries(makers).find(([name]) => packages.includes(name)) ?? [];
    return {
      ...(scripts.build === undefined ? {} : { source: output }),
      exclude: [],
      build: scripts.build === undefined ? [] : [manager.all, `${manager.run} build`],
      prepare: [],
      shared: { directories: [], files: [] },
      root: ".",
      behind: "files",
      packages: ["nginx"],
      tells: tells.pages,
    };
  },
};
