import type { ManifestForm } from "../types.ts";
import { djangoManifest } from "./django.ts";
import type { Listing, Manifest } from "./entry.ts";
import { jsonManifest } from "./json.ts";
import { mixManifest } from "./mix.ts";
import { propshaftManifest } from "./propshaft.ts";
import { sprocketsManifest } from "./sprockets.ts";
import { viteManifest } from "./vite.ts";

const forms: Readonly<Record<ManifestForm, (listing: Listing) => Manifest>> = {
  json: jsonManifest,
  vite: viteManifest,
  mix: mixManifest,
  django: djangoManifest,
  sprockets: sprocketsManifest,
  propshaft: propshaftManifest,
};

/** Paths of manifests that take the place of one in the tree, having read it. */
export const replaced: Readonly<Partial<Record<ManifestForm, string>>> = {
  vite: ".vite/manifest.json",
  mix: "mix-manifest.json",
  django: "staticfiles.json",
  propshaft: ".manifest.json",
};

/** The manifests asked for, each once. */
export function renderManifests(wanted: readonly ManifestForm[], listing: Listing): readonly Manifest[] {
  return [...new Set(wanted)].map((form) => forms[form](listing));
}
