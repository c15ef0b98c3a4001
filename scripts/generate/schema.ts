import { configJsonSchema } from "@deploy/core";

/** The JSON Schema of `.github/deploy.yml`, for editors. */
export async function generate(): Promise<Map<string, string>> {
  return new Map([
    ["docs/reference/deploy.schema.json", `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`],
  ]);
}
