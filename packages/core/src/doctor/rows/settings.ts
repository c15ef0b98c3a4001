import { quotePath } from "../../plan/words.ts";
import { judge, type Remark } from "../remark.ts";
import type { Row } from "./row.ts";

/** What shared/.env gives away, and what it says of debugging. */
export const settings: Row = ({ host, examined, expected: { deployTo } }) => {
  const names = [...examined.debug, ...examined.stage];
  const file = quotePath(`${deployTo}/shared/.env`);
  const open: Remark = {
    ...{ level: "warn", about: "secrets", host },
    text: "everybody on the server may read shared/.env",
    fix: `chmod 600 ${file}`,
  };
  const debugging: Remark = {
    ...{ level: "warn", about: "debug", host },
    text: `shared/.env sets ${names.join(", ")} as for a desk: visitors may be shown the code`,
    fix: `deploy env set ${names[0]}=… , and let the app read it again`,
    inAction: "Edit the file on the server, and let the app read it again.",
  };
  return [
    judge(examined.readable, open, "shared/.env is not for everybody"),
    judge(names.length > 0, debugging, "nothing in shared/.env switches debugging on"),
  ];
};
