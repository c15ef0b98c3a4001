// Apart from the rest of core: only who writes the page loads it.
export * from "./document.ts";
export { renderBadge, renderFeed, renderIndexPage } from "./overview.ts";
export { renderStatusPage } from "./page.ts";
export type { Results } from "./parts/results.ts";
export { beginLine, type Run, type RunLine, readRun } from "./runLines.ts";
export { renderUi, type UiParts, type UiView, uiParts, uiPolicy } from "./ui.ts";
export { redactHosts } from "./view.ts";
