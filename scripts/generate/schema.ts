import { configJsonSchema } from "@deploy/core";
import { statusJsonSchema } from "@deploy/core/page";

const text = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;

/** The JSON Schema of `.github/deploy.yml`, for editors; that of `status.json`, for whoever reads it. */
export async function generate(): Promise<Map<string, string>> {
  return new Map([
    ["docs/reference/deploy.schema.json", text(configJsonSchema())],
    ["docs/reference/status.schema.json", text(statusJsonSchema())],
  ]);
}
