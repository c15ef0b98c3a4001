/** Name-value pairs of GITHUB_OUTPUT, GITHUB_STATE or GITHUB_ENV, as the runner reads them. Throws as it does. */
export function parseFileCommands(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/);
  const found: Record<string, string> = {};
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === "") continue;
    const [, name = "", operator, rest = ""] = line.match(/^(.*?)(=|<<)([\s\S]*)$/) ?? [];
    if (operator === undefined || name === "") throw new Error(`Invalid format '${line}'`);
    found[name] = operator === "=" ? rest : readHeredoc(lines, rest, name);
  }
  return found;
}

function readHeredoc(lines: string[], delimiter: string, name: string): string {
  const end = lines.indexOf(delimiter);
  if (end === -1) throw new Error(`Invalid value of ${name}. Matching delimiter not found '${delimiter}'`);
  return lines
    .splice(0, end + 1)
    .slice(0, -1)
    .join("\n");
}
