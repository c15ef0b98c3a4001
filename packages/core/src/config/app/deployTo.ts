import { nameHost } from "../hosts/address.ts";
import { input, section } from "../section.ts";
import { text } from "../values/leaves.ts";
import { deployToPhrase, readDeployTo } from "../values/paths.ts";

export const deployTo = section({
  keys: {
    "deploy-to": text(deployToPhrase, readDeployTo)
      .optional()
      .describe(
        "The app's folder on every host: an absolute path, or `~/…` below the user's home. Required.",
      ),
  },
  grounds: ({ deployTo }, hosts) =>
    deployTo === undefined
      ? []
      : hosts.map(({ address, port, username }) => ({
          what: "a deploy-to of its own",
          place: `${deployTo} on ${deployTo.startsWith("~") ? `${username}@` : ""}${nameHost(address, port)}`,
          path: ["deploy-to"],
        })),
  needs: { "deploy-to": "the app's folder on the hosts" },
  inputs: {
    "deploy-to": input(
      "text",
      "deploy-to",
      "Folder on every server that holds releases, shared files and `current`.",
    ),
  },
});
