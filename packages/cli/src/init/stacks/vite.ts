import { tells } from "@deploy/core";
import { manifestAt } from "../repository.ts";
import type { Stack } from "../stack.ts";
import { managerOf } from "./node.ts";

const makers = ["vite", "astro", "@angular/cli", "react-scripts", "@11ty/eleventy", "parcel"];

/** Pages that a build makes, and nothing runs on the server but nginx. */
export const vite: Stack = {
  name: "static",
  words: "pages that a build makes",
  found(repository) {
    const { packages, scripts } = manifestAt(repository, "package.json");
    return (
      (scripts.build !== undefined && packages.some((name) => makers.includes(name))) ||
      (!repository.has("package.json") && repository.has("index.html"))
    );
  },
  recipe(_, repository) {
    const { packages, scripts } = manifestAt(repository, "package.json");
    const manager = managerOf(repository);
    const output = packages.includes("react-scripts")
      ? "build"
      : packages.includes("@11ty/eleventy")
        ? "_site"
        : "dist";
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
