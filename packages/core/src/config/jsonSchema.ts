import { z } from "zod";
import { file } from "./schema.ts";

/** A JSON Schema, as far as our own documents use it. */
export interface JsonSchema {
  readonly [key: string]: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** The JSON Schema of `.github/deploy.yml`, for editors; made from the schema that judges the file. */
export function configJsonSchema(): JsonSchema {
  return rename(z.toJSONSchema(file, { io: "input" })) as JsonSchema;
}

/** zod drops `default` where a value is transformed, so the schema carries it as `fallback`. */
function rename(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rename);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, part]) => !(key === "maximum" && part === Number.MAX_SAFE_INTEGER))
      .map(([key, part]) => [key === "fallback" ? "default" : key, rename(part)]),
  );
}
