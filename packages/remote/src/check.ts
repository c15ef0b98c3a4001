import { DeployError } from "@deploy/core";
import type { Fence } from "./fence.ts";

const releaseName = /^[0-9][A-Za-z0-9._-]{0,63}$/;
const word = /^[A-Za-z0-9._:/@+-]+$/;
const digest = /^[0-9a-f]{64}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const control = /[\0-\x1f\x7f]/;

/** The scripts check again on the host; here a mistake costs no connection. All throw `argument-refused`. */
export function checkRelease(name: string): string {
  return releaseName.test(name) ? name : refuse("a release name", name);
}

/** A name or `-` for none. */
export function releaseOrNone(name: string | null): string {
  return name === null ? "-" : checkRelease(name);
}

export function checkBase(base: string): string {
  const parts = base.replace(/^~/, "").split("/");
  const plain = /^(~\/|\/)[^/]/.test(base) && !parts.includes("..") && !parts.includes(".");
  return plain && !control.test(base) ? base : refuse("an absolute path or ~/ path for deploy-to", base);
}

/** A path below shared/ or the release: relative, no empty part, no dots. */
export function checkPath(path: string): string {
  const odd = path.split("/").some((part) => part === "" || part === "." || part === "..");
  return odd || control.test(path) || path.startsWith("-") ? refuse("a relative path", path) : path;
}

export function checkDigest(text: string): string {
  return digest.test(text) ? text : refuse("a SHA-256", text);
}

export function checkWord(what: string, text: string): string {
  return word.test(text) && text !== "-" && text.length <= 200 ? text : refuse(what, text);
}

/** `dependabot[bot]` and its like become words: a record is one line of them; `-` for none. */
export function toWord(text: string): string {
  const clean = text.replaceAll(/[^A-Za-z0-9._:/@+-]/g, "_").slice(0, 200);
  return clean === "" ? "-" : clean;
}

/** The name of a job's folder, at most 120 characters. */
export function checkJob(id: string): string {
  return /^[A-Za-z0-9._-]{1,120}$/.test(id) && id !== "." && id !== ".." ? id : refuse("a job id", id);
}

export function checkCount(what: string, value: number): string {
  return Number.isSafeInteger(value) && value >= 0 ? String(value) : refuse(what, String(value));
}

export function fenceArgs(fence: Fence): readonly string[] {
  return [checkBase(fence.base), checkCount("a token", fence.token), checkWord("an owner", fence.owner)];
}

function refuse(what: string, value: string): never {
  throw new DeployError("argument-refused", `not ${what}: ${JSON.stringify(value.slice(0, 300))}`);
}
