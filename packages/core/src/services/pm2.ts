import { line, text } from "../config/values/leaves.ts";
import { quotePath } from "../plan/words.ts";
import { programName, service } from "./service.ts";

const pathPhrase =
  "an absolute path without blanks and quotes, such as /srv/shop/shared/ecosystem.config.cjs";

/** Exits with 0 where every process of the application is online, in the live folder by name; 69 where all gave up. */
const online = (program: string, app: string) => `${program} jlist 2>/dev/null | node -e '
const list = JSON.parse(require("fs").readFileSync(0, "utf8")).filter((one) => one.name === process.argv[1]);
const well = ({ pm2_env: env }) => env.status === "online" && !/[/]releases[/]/.test(env.pm_cwd);
const over = ({ pm2_env: env }) => env.status === "errored";
process.exit(list.length > 0 && list.every(well) ? 0 : list.some(over) ? 69 : 1);' ${app}`;

/**
 * pm2, cluster mode. It keeps the folder that it was started in: an ecosystem file outside of the releases names `current`
 * (`cwd`). Started inside of a release it serves that one for ever; a broken one leaves nobody, with exit code 0. Measured with pm2 7.
 */
export const pm2 = service({
  words: "Node under pm2, reloaded by its ecosystem file",
  keys: {
    app: programName().describe("Its name in pm2's list."),
    ecosystem: text(pathPhrase, (value) => (/^\/[\w./@+-]{1,500}$/.test(value) ? value : undefined)).describe(
      "The ecosystem file, outside of the releases; its `cwd` is `…/current`.",
    ),
    program: line("a program, such as ~/.local/bin/pm2")
      .prefault("pm2")
      .describe("pm2 itself, where the login's PATH has none: `~/.local/bin/pm2`."),
  },
  commands({ app, ecosystem, program: given }) {
    const program = quotePath(given);
    const folder = ecosystem.replace(/[^/]*$/, "");
    return {
      name: `${app} of pm2`,
      check: `${online(program, app)} || { echo "deploy: ${app} is not online in pm2 of $(id -un), or was started inside of a release: pm2 delete it, then pm2 start ${ecosystem}" >&2; exit 1; }`,
      run: `cd ${folder} && ${program} startOrReload ${ecosystem} --update-env`,
      settled: online(program, app),
    };
  },
});
