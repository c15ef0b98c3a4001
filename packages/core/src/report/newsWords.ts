import { roughly } from "../amounts.ts";
import type { Changes, Commits, NamedCommit, News } from "../news/types.ts";
import type { Plan } from "../plan/types.ts";
import { count, cut } from "../plan/words.ts";
import { releaseTime, shortCommit } from "../releases/id.ts";
import type { Style } from "../style.ts";
import { namesIn } from "./names.ts";

const longestSubject = 72;

/** What is new, on one line: `Votes by Ada · 3 commits since 03cc7fb · live for 3 h · 4 of 19 files change`; "" where nothing is to be said. */
export function newsWords(plan: Plan, news: News, style: Style): string {
  const { now, commits = {}, changes } = news;
  if (now === undefined || !plan.changed || plan.kind === "reconcile") return "";
  const leader = plan.hosts.find(({ host }) => host === plan.leader);
  const live = leader?.from ?? null;
  const parts = [
    commits.last === undefined ? "" : commitWords(commits.last, style),
    ...(live === null
      ? [leader?.reached === false ? "what is live is unknown" : "the first release here"]
      : [
          rangeWords(plan, news, live, style),
          ageWords(live, news),
          changes === undefined ? "changed files unknown" : changeWords(changes),
        ]),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

function commitWords({ subject, author }: NamedCommit, { strong, plain }: Style): string {
  return `${strong(cut(subject, longestSubject))}${author === "" ? "" : ` by ${plain(cut(author, 40))}`}`;
}

function rangeWords(plan: Plan, news: News, live: string, style: Style): string {
  const { commits = {}, from = "" } = news;
  const since = style.code(shortCommit(from) || namesIn(plan)(live));
  const { ahead, behind = 0, first } = commits;
  const whole = linked(rangeOf(commits), plan, news, style);
  if (ahead === undefined) return `${whole} since ${since}`;
  if (ahead === 0 && behind > 0) return `${whole} of ${since}`;
  const begin = ahead > 1 && first !== undefined ? `, the first ${commitWords(first, style)}` : "";
  return `${whole} since ${since}${begin}`;
}

function rangeOf({ ahead, behind = 0 }: Commits): string {
  if (ahead === undefined) return "an unknown number of commits";
  return ahead === 0 && behind > 0 ? `takes back ${count(behind, "commit")}` : count(ahead, "commit");
}

/** GitHub compares what it knows by name; there is nothing to see between a commit and itself. */
function linked(text: string, plan: Plan, { repository, from = "" }: News, { link }: Style): string {
  const hash = /^[0-9a-f]{40,64}$/;
  if (repository === undefined || !isRepository(repository)) return text;
  if (!hash.test(from) || !hash.test(plan.commit) || from === plan.commit) return text;
  return link(text, `${repository}/compare/${from.slice(0, 12)}...${plan.commit.slice(0, 12)}`);
}

/** The address of a repository's page, with nothing in it that could be more than that. */
export function isRepository(url: string): boolean {
  return /^https?:\/\/[A-Za-z0-9.-]+(?::\d+)?\/[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/.test(url);
}

function ageWords(live: string, { now }: News): string {
  const time = releaseTime(live);
  return time === undefined || now === undefined ? "" : `live for ${roughly(now.getTime() - time)}`;
}

function changeWords({ added, changed, removed, files }: Changes): string {
  const other = added.length + changed.length;
  const gone = removed.length === 0 ? "" : `, ${removed.length} removed`;
  return `${other} of ${count(files, "file")} ${other === 1 ? "changes" : "change"}${gone}`;
}
