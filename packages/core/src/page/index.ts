// Apart from the rest of core: only who writes the page loads it.
export { renderStatusPage } from "./page.ts";
export { redactHosts } from "./view.ts";
