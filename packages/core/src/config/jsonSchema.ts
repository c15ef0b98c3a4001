import * as z from "zod";
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
  return z.toJSONSchema(file, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as JsonSchema;
}
