import { line } from "../config/values/leaves.ts";
import { quote } from "../plan/words.ts";
import { service } from "./service.ts";

/** Prints 0 where every process of the application is online, in the live folder by name. */
const online = (app: string) => `pm2 jlist 2>/dev/null | node -e '
const list = JSON.parse(require("fs").readFileSync(0, "utf8")).filter((one) => one.name === process.argv[1]);
const well = ({ pm2_env: env }) => env.status === "online" && !/[/]releases[/]/.test(env.pm_cwd);
process.exit(list.length > 0 && list.every(well) ? 0 : 1);' ${quote(app)}`;

/**
 * pm2, cluster mode. It keeps the folder that it was started in: an ecosystem file outside of the releases names `current`
 * (`cwd`). Started inside of a release it serves that one for ever; a broken one leaves nobody, with exit code 0. Measured with pm2 7.
 */
export const pm2 = service({
  words: "Node under pm2, reloaded by its ecosystem file",
  keys: {
    app: line("the application's name in pm2").describe("Its name in pm2's list."),
    ecosystem: line("an absolute path, such as /srv/shop/shared/ecosystem.config.cjs").describe(
      "The ecosystem file, outside of the releases; its `cwd` is `…/current`.",
    ),
  },
  commands({ app, ecosystem }) {
    const folder = ecosystem.replace(/[^/]*$/, "");
    return {
      name: `${app} of pm2`,
      check: `${online(app)} || { echo "deploy: ${app} is not online in pm2 of $(id -un), or was started inside of a release: pm2 delete it, then pm2 start ${quote(ecosystem)}" >&2; exit 1; }`,
      run: `cd ${quote(folder)} && pm2 startOrReload ${quote(ecosystem)} --update-env`,
      settled: online(app),
      sudo: [],
    };
  },
});
