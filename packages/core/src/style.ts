/** How a sentence of ours is shown: each is given text from anywhere, and makes it fit for where it stands. */
export interface Style {
  plain(text: string): string;
  strong(text: string): string;
  code(text: string): string;
  /** `text` is in this style already; `url` is made of what we know to be a URL. */
  link(text: string, url: string): string;
}

const same = (text: string): string => text;

/** Of a terminal, which cleans whole lines. */
export const inText: Style = { plain: same, strong: same, code: same, link: same };
