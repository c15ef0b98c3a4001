import { tells } from "@deploy/core";
import { current, ownUnit, type Stack } from "../stack.ts";

/** One file that the runner makes; the server needs nothing else. */
export const go: Stack = {
  name: "go",
  words: "a Go server",
  found: (repository) => repository.has("go.mod"),
  recipe: (answers) => ({
    source: "build",
    exclude: [],
    build: [`CGO_ENABLED=0 go build -trimpath -o build/${answers.app} .`],
    prepare: [],
    shared: { directories: [], files: [".env"] },
    ...ownUnit(answers, `${current(answers)}/${answers.app}`),
    behind: "port",
    packages: ["nginx"],
    tells: tells.go,
  }),
};
