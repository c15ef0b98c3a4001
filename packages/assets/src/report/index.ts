export { renderAssetsMarkdown } from "./markdown.ts";
export { assetsProblems } from "./problems.ts";
export { renderAssetsText } from "./text.ts";
export type { AssetsReport } from "./types.ts";
export { assetsHeadline } from "./words.ts";
