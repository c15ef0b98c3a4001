import { requireInstalled } from "./project.ts";
import type { Role } from "./table.ts";
import { bundledTool, type Tool } from "./tool.ts";

export interface Loaded<T> {
  /** What was really loaded. */
  readonly tool: Tool;
  readonly driver: T;
}

/**
 * Loads a tool once. A project's tool of a right version that does not start (a native part that is absent, mostly)
 * is told, and ours does the work.
 */
export async function loadTool<T>(
  role: Role,
  tool: Tool,
  make: { project: (loaded: unknown, tool: Tool) => T | Promise<T>; bundled: () => Promise<T> },
  warn: (text: string) => void,
): Promise<Loaded<T>> {
  if (tool.base !== undefined) {
    try {
      return { tool, driver: await make.project(requireInstalled(tool.base, tool.name), tool) };
    } catch (error) {
      const why = String((error as Error).message ?? error).split("\n")[0];
      const ours = bundledTool(role);
      warn(
        `${tool.name} ${tool.version} of the project does not start (${why}): ${ours.name} ${ours.version} is used`,
      );
    }
  }
  return { tool: bundledTool(role), driver: await make.bundled() };
}
