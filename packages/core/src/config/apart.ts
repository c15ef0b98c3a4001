import type { Problem } from "../errors.ts";
import { isMany } from "./file/environment.ts";
import type { Layers } from "./file/layers.ts";
import { problem } from "./file/problem.ts";
import type { LayersRead } from "./readLayers.ts";
import { allSections } from "./sections.ts";

/** An environment as far as it is right, laid over the file. */
export interface Laid {
  readonly name: string;
  /** Of the file; several names have one that stands for many. */
  readonly key: string;
  readonly layers: Layers;
  readonly read: LayersRead;
}

/** Environments that would replace and remove what another one put there: one folder on one host, one place to publish to. */
export function checkApart(environments: readonly Laid[]): readonly Problem[] {
  const first = new Map<string, string>();
  return environments.flatMap(({ name, key, layers, read: { values, hosts } }) => {
    const grounds = allSections.flatMap((section) => section.grounds(values, hosts));
    const taken = grounds.filter(({ place }) => first.has(place));
    for (const { place } of grounds) if (!first.has(place)) first.set(place, name);
    // One of each kind says it: the other hosts are no news.
    const told = taken.filter(({ what }, index) => taken.findIndex((other) => other.what === what) === index);
    return told.map(({ what, place, path }) => {
      const message = `expected ${what} for each environment, got ${place} for ${first.get(place)} and ${name}`;
      const hint = isMany(key)
        ? { hint: `Write {environment} into it: it stands for the name, ${name}, say.` }
        : {};
      return problem({ code: "config-conflict", message, ...hint }, layers.place(path, "value"));
    });
  });
}
