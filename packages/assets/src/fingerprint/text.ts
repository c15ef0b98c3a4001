import type { AssetKind } from "../types.ts";

/** Bytes as text and back without loss: UTF-8 (a BOM stays), or one character a byte for what is none. */
export interface Text {
  readonly text: string;
  readonly encoding: "utf8" | "latin1";
}

export function decode(bytes: Uint8Array): Text {
  try {
    return {
      text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
      encoding: "utf8",
    };
  } catch {
    return { text: Buffer.from(bytes).toString("latin1"), encoding: "latin1" };
  }
}

export function encode({ text, encoding }: Text): Uint8Array {
  return Buffer.from(text, encoding);
}

/** Line and column, from 1, of an offset. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

export type Language = "css" | "js" | "html" | "svg" | "webapp";

/** The language whose references can be read; undefined: no references. */
export function languageOf(path: string, kind: AssetKind): Language | undefined {
  if (path.endsWith(".webmanifest") || path === "manifest.json") return "webapp";
  if (path.endsWith(".svgz")) return undefined;
  return kind === "css" || kind === "js" || kind === "html" || kind === "svg" ? kind : undefined;
}
