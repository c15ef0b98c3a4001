import { judge } from "../remark.ts";
import type { Row } from "./row.ts";

/** Our own answers stand between marks, whatever comes before them; other programs take noise for data. */
export const shell: Row = ({ host, examined: { noisy } }) => [
  judge(
    noisy,
    {
      ...{ level: "warn", about: "shell", host },
      text: "it prints something before each command: rsync and scp break of it",
      fix: "begin ~/.bashrc there with: case $- in *i*) ;; *) return ;; esac",
    },
    "it prints nothing of its own",
  ),
];
