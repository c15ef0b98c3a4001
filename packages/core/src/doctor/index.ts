// Apart from the rest of core: only who runs the doctor loads it.
export { driftRemarks } from "./drift.ts";
export { environmentRemarks } from "./environments.ts";
export { callsIn } from "./github/calls.ts";
export { type GitHubSeen, gitHubRemarks } from "./github/settings.ts";
export { workflowRemarks } from "./github/workflows.ts";
export { hostRemarks } from "./host.ts";
export { outsideRemarks } from "./outside/outside.ts";
export { pagesAsked } from "./outside/pages.ts";
export { healthPort } from "./port.ts";
export { questionsFor } from "./questions/questions.ts";
export { versionFiles, wantedVersions } from "./questions/runtimes.ts";
export { remarksHeadline, remarksMarkdown, renderRemarks, stopProblems } from "./render.ts";
