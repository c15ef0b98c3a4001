import * as z from "zod";
import type { Shape } from "./section.ts";
import { allSections } from "./sections.ts";
import { mapping } from "./values/mapping.ts";
import { nameOrMany } from "./values/name.ts";

/** Keys that stand at the top, and may be replaced in each environment. */
const keys: Shape = Object.assign({}, ...allSections.map((section) => section.keys));
/** Keys that only an environment has. */
export const own: Shape = Object.assign({}, ...allSections.map((section) => section.own));

/** Every key of an environment. */
export const environment: Shape = { ...keys, ...own };

export const file = mapping({
  ...keys,
  environments: z
    .record(nameOrMany(), mapping(environment).meta({ title: "environment" }), {
      error: "a mapping of environments",
    })
    .optional()
    .describe(
      "The fleets by name. Each may replace any key above, as a whole, beside its own. A name with `*` at its end (`preview-*`) stands for every name that begins so, and `{environment}` within it for that name.",
    ),
}).meta({
  title: "deploy.yml",
  description: "What is deployed, and where. Kept in `.github/deploy.yml`.",
});
