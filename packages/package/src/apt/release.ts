import { type Fields, parseParagraphs, renderParagraph } from "../control/fields.ts";

/** A file that a Release names. */
export interface Listed {
  /** Relative to the suite's folder. */
  readonly path: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

/** What a Release says (wiki.debian.org/DebianRepository/Format). */
export interface Release {
  readonly suite: string;
  readonly origin: string;
  /** Whole seconds. */
  readonly date: Date;
  readonly validUntil?: Date;
  readonly architectures: readonly string[];
  readonly files: readonly Listed[];
}

export function renderRelease({ suite, origin, date, validUntil, architectures, files }: Release): string {
  const until: Fields = validUntil === undefined ? {} : { "Valid-Until": stamp(validUntil) };
  return renderParagraph({
    Origin: origin,
    Label: origin,
    Suite: suite,
    Codename: suite,
    Date: stamp(date),
    ...until,
    "Acquire-By-Hash": "yes",
    Architectures: architectures.join(" "),
    Components: "main",
    SHA256: files.map(({ path, size, sha256 }) => `\n${sha256} ${size} ${path}`).join(""),
  });
}

/** Undefined for a text that we cannot have written. */
export function parseRelease(text: string): Release | undefined {
  const [fields, ...more] = parseParagraphs(text) ?? [];
  const {
    Suite: suite,
    Origin: origin,
    Date: date = "",
    "Valid-Until": until,
    Architectures,
    SHA256,
  } = fields ?? {};
  if (suite === undefined || origin === undefined || Architectures === undefined || more.length > 0)
    return undefined;
  const release: Release = {
    suite,
    origin,
    date: new Date(date),
    ...(until === undefined ? {} : { validUntil: new Date(until) }),
    architectures: Architectures.split(" "),
    files: (SHA256 ?? "").split("\n").slice(1).map(listed),
  };
  // Dates that are none render as `Invalid`, and differ.
  return renderRelease(release) === text ? release : undefined;
}

function listed(line: string): Listed {
  const [sha256 = "", size = "", path = ""] = line.split(" ");
  return { sha256, size: Number(size), path };
}

/** RFC 1123, in UTC: apt takes no other zone. */
function stamp(date: Date): string {
  return Number.isNaN(date.getTime()) ? "Invalid" : date.toUTCString().replace("GMT", "UTC");
}
