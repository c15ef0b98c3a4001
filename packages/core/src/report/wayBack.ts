import type { News } from "../news/types.ts";
import { stepsOf } from "../plan/stages.ts";
import type { Plan } from "../plan/types.ts";
import { quote } from "../plan/words.ts";
import { kindOf } from "../steps/kinds.ts";
import type { Style } from "../style.ts";
import { namesIn } from "./names.ts";
import { isRepository } from "./newsWords.ts";

/** How this deploy is taken back afterwards; "" where there is nothing to go back to, or no way. */
export function wayBackWords(plan: Plan, news: News, style: Style): string {
  const from = plan.hosts.find(({ host }) => host === plan.leader)?.from ?? null;
  const closed = stepsOf(plan).some((step) => kindOf(step).closes === true);
  if (plan.kind !== "deploy" || !plan.changed || plan.problems.length > 0) return "";
  if (from === null || from === plan.release) return "";
  if (closed)
    return `${style.strong("No way back")}: a step after the switch lets no rollback go below this release.`;
  const command = style.code(`deploy rollback --environment ${quote(plan.environment)}`);
  const target = style.code(namesIn(plan)(from));
  return `${style.strong("To go back afterwards")}, to ${target}: ${workflowWords(news, style)}${command}`;
}

function workflowWords({ repository, rollbackWorkflow: file }: News, style: Style): string {
  if (file === undefined || repository === undefined || !isRepository(repository)) return "";
  if (!/^[A-Za-z0-9._-]+$/.test(file)) return "";
  const page = `${repository}/actions/workflows/${file}`;
  return `run the workflow ${style.link(style.plain(file), page)}, or `;
}
