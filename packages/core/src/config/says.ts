/** What a key means. `fallback` is published as `default`: the values themselves are applied where a section is resolved. */
export function says(description: string, fallback?: unknown) {
  return fallback === undefined ? { description } : { description, fallback };
}
