import { roleOf, valueIn } from "./attributes.ts";
import { cssReferences } from "./css.ts";
import { jsReferences } from "./js.ts";
import { importMapReferences } from "./json.ts";
import { type Mapped, plain } from "./mapped.ts";
import { type Element, elementsOf } from "./markup.ts";
import { defined, type Manner, type Reference, referenceTo } from "./reference.ts";
import { srcsetAddresses } from "./srcset.ts";

export interface Markup {
  readonly references: readonly Reference[];
  /** `href` of `<base>`: what relative addresses are relative to. */
  readonly base?: string;
}

/** What an HTML document names: attributes, `style`, inline styles, inline modules and import maps. */
export function htmlReferences(text: string): Markup {
  const elements = elementsOf(text, false);
  const base = elements.find((element) => element.name === "base" && element.attributes.has("href"));
  const references = elements.flatMap(referencesOf);
  return base === undefined ? { references } : { references, base: valueIn(base, "href").trim() };
}

/** What an SVG image names. */
export function svgReferences(text: string): readonly Reference[] {
  return elementsOf(text, true).flatMap(referencesOf);
}

function referencesOf(element: Element): readonly Reference[] {
  const found = [...element.attributes].flatMap(([name, value]) => inAttribute(element, name, value));
  return element.content === undefined ? found : [...found, ...inContent(element, element.content)];
}

function inAttribute(element: Element, name: string, value: Mapped): readonly Reference[] {
  const role = roleOf(element, name);
  if (role === undefined) return [];
  if (role === "style") return cssReferences(value);
  const needed = role === "file" || role === "set" || role === "use";
  if (role === "set" || role === "lazy-set") {
    return defined(srcsetAddresses(value).map((address) => referenceTo(address, { needed })));
  }
  const integrity = role === "file" ? spanOf(element.attributes.get("integrity")) : {};
  return defined([referenceTo(value, { needed, sameOrigin: role === "use", ...integrity })]);
}

function spanOf(value: Mapped | undefined): Pick<Manner, "integrity"> {
  if (value === undefined || value.text === "") return {};
  return { integrity: { start: value.at(0), end: value.at(value.text.length) } };
}

function inContent(element: Element, content: Mapped): readonly Reference[] {
  if (element.name === "style") return cssReferences(content);
  const type = valueIn(element, "type").trim().toLowerCase();
  if (type === "module") return throughText(content, jsReferences);
  return type === "importmap" ? importMapReferences(content) : [];
}

/** The lexer counts from the beginning of what it is given. */
function throughText(content: Mapped, find: (text: Mapped) => readonly Reference[]): readonly Reference[] {
  return find({ ...plain(content.text), at: content.at });
}
