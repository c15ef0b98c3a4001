/** Whether a path is one of those patterns mean: `*` within a name, `**` across folders; `x/` all below it. */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map(toExpression);
  return (path) => expressions.some((expression) => expression.test(path));
}

function toExpression(pattern: string): RegExp {
  const whole = pattern.replace(/^\.?\//, "").replace(/\/$/, "/**");
  const text = whole.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => parts[part] ?? `\\${part}`);
  return new RegExp(`^${text}$`);
}

const parts: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};
