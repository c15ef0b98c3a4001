import type { Facts } from "./facts.ts";
import { list } from "./plan/words.ts";

/** The page that visitors see meanwhile; `message` is any text. */
export function maintenancePage(message: string): string {
  const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  const text = message.replaceAll(/[&<>]/g, (letter) => escapes[letter] ?? letter);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Back soon</title>
<body style="font: 1.2rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1rem">
<p>${text}</p>
`;
}

/** Who shows the page instead of the application; a deploy neither begins nor ends that. */
export function maintenanceWords(facts: readonly Facts[]): readonly string[] {
  const on = facts.flatMap((each) => (each.reached && each.maintenance === true ? [each.host] : []));
  return on.length === 0
    ? []
    : [
        `maintenance is on: visitors of ${list(on)} get shared/maintenance.html, and a deploy does not end that`,
      ];
}
