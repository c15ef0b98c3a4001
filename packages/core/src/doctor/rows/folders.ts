import type { ReachedHost } from "../../facts.ts";
import { quotePath } from "../../plan/words.ts";
import { judge, type Remark } from "../remark.ts";
import type { Row } from "./row.ts";

/** Who gets to what is live, and who may write there. */
export const folders: Row = ({
  host,
  facts,
  examined: { closed, umask },
  expected: { deployTo, prepares },
}) => {
  const [inner] = closed;
  const at = { about: "folders", host } as const;
  const remark: Remark = {
    ...{ ...at, level: "warn" },
    text: `${inner} lets only its owner in: nginx, who is neither, cannot read below it`,
    fix: `chmod o+x ${quotePath(inner ?? "")}`,
  };
  const masks = prepares && (Number.parseInt(umask, 8) & 0o005) !== 0;
  return [
    judge(inner !== undefined, remark, "a web server gets to what is live"),
    ...(facts.writable
      ? []
      : [
          {
            ...({ ...at, level: "stop" } as const),
            text: `${facts.user} may not write to ${deployTo}`,
            fix: `sudo install -d -o ${facts.user} ${quotePath(deployTo)}`,
          },
        ]),
    ...(masks
      ? [
          {
            ...({ ...at, level: "warn" } as const),
            text: `a umask of ${umask} hides from nginx what prepare commands make`,
            fix: `let \`umask 022\` stand in ${facts.user}'s .profile, or before the command`,
          },
        ]
      : []),
  ];
};

export const fileSystem: Row = ({ facts }) => apartOf(facts);

/** A rename must not leave its file system. */
export function apartOf({
  host,
  user,
  apart = [],
}: Pick<ReachedHost, "apart" | "host" | "user">): readonly Remark[] {
  return apart.map((path) => ({
    ...({ level: "stop", about: "file system", host } as const),
    text: `${path} is on another one than deploy-to: nothing can be switched by a rename`,
    fix: `let ${user} have both on one file system`,
  }));
}
