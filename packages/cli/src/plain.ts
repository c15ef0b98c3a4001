/** What a terminal would act on, and direction overrides that make text read as something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g;

/** A server's text with everything taken out that a terminal would obey: colours, titles, cursor moves. */
export function plainText(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replace(sequences, "").replace(acting, "");
}
