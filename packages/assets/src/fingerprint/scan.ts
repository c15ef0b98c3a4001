import { cssReferences } from "./css.ts";
import { htmlReferences, type Markup, svgReferences } from "./html.ts";
import { jsReferences } from "./js.ts";
import { webAppReferences } from "./json.ts";
import { plain } from "./mapped.ts";
import type { Language } from "./text.ts";

/** Everything a text names, in the order it stands there. */
export function scan(language: Language, text: string): Markup {
  const { references, ...rest } = find(language, text);
  return { ...rest, references: [...references].sort((a, b) => a.start - b.start) };
}

function find(language: Language, text: string): Markup {
  if (language === "html") return htmlReferences(text);
  if (language === "css") return { references: cssReferences(plain(text)) };
  if (language === "js") return { references: jsReferences(plain(text)) };
  if (language === "svg") return { references: svgReferences(text) };
  return { references: webAppReferences(plain(text)) };
}
