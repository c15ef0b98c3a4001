import type { Repository } from "./repository.ts";
import type { Stack } from "./stack.ts";
import { go } from "./stacks/go.ts";
import { laravel } from "./stacks/laravel.ts";
import { node } from "./stacks/node.ts";
import { django, flask } from "./stacks/python.ts";
import { rails } from "./stacks/rails.ts";
import { symfony } from "./stacks/symfony.ts";
import { vite } from "./stacks/vite.ts";

/** The first that is found counts: frameworks bring a package.json for their assets, and a builder often a `start`. */
export const stacks: readonly Stack[] = [django, rails, laravel, symfony, flask, go, vite, node];

export function detect(repository: Repository): Stack | undefined {
  return stacks.find((stack) => stack.found(repository));
}
