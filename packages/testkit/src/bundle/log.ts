import type { Masker } from "./mask.ts";

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  /** file, line, col, title …, as given. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Reads a step's output line by line, as the runner does. */
export interface LogReader {
  line(text: string): void;
  /** What a person sees: masked, commands rendered. */
  log(): string;
  annotations(): readonly Annotation[];
}

/** A reader of workflow commands that feeds masks to `masks`. */
export function logReader(masks: Masker): LogReader {
  const lines: string[] = [];
  const annotations: Annotation[] = [];
  const commandIn = commandReader();

  const obey = (text: string): string | undefined => {
    const command = commandIn(text);
    if (command === undefined) return text;
    const { name, properties, data } = command;
    if (name === "add-mask") masks.add(data);
    if (isLevel(name)) annotations.push({ level: name, message: masks.mask(data), properties });
    return render(name, data);
  };
  const line = (text: string) => {
    const shown = obey(text);
    if (shown !== undefined) lines.push(masks.mask(shown));
  };
  return { line, log: () => lines.map((text) => `${text}\n`).join(""), annotations: () => annotations };
}

/** Reads lines in order; gives those that the runner obeys: none between `stop-commands` and its token. */
export function commandReader(): (text: string) => WorkflowCommand | undefined {
  let stopped: string | undefined;
  return (text) => {
    const command = parseCommand(text);
    if (stopped === undefined) {
      if (command?.name === "stop-commands") stopped = command.data;
      return command;
    }
    if (command?.name === stopped) stopped = undefined;
    return undefined;
  };
}

interface WorkflowCommand {
  readonly name: string;
  readonly properties: Record<string, string>;
  readonly data: string;
}

/** `::name key=value,key=value::data`, or undefined for any other line. */
export function parseCommand(text: string): WorkflowCommand | undefined {
  const match = text.trimStart().match(/^::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::([\s\S]*)$/);
  if (match === null) return undefined;
  const [, name = "", given = "", data = ""] = match;
  const pairs = given
    .split(",")
    .filter((pair) => pair.includes("="))
    .map((pair) => [
      pair.slice(0, pair.indexOf("=")).trim(),
      unescapeProperty(pair.slice(pair.indexOf("=") + 1)),
    ]);
  return { name, properties: Object.fromEntries(pairs), data: unescapeData(data) };
}

function isLevel(name: string): name is Annotation["level"] {
  return name === "error" || name === "warning" || name === "notice";
}

// Commands that the runner obeys in silence are not shown.
function render(name: string, data: string): string | undefined {
  if (["add-mask", "debug", "set-output", "save-state", "echo", "stop-commands"].includes(name))
    return undefined;
  return `##[${name}]${data}`;
}

function unescapeData(text: string): string {
  return text.replace(/%0D/g, "\r").replace(/%0A/g, "\n").replace(/%25/g, "%");
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replace(/%3A/g, ":").replace(/%2C/g, ","));
}
