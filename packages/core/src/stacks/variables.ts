/** What each command of the config is told by its environment on a host, whatever its `env-file` says. */
export const variables = {
  DEPLOY_RELEASE: "The id of the release that the run is about, `20261121T084450Z-4f2a91c`.",
  DEPLOY_RELEASE_PATH: "Its folder, `<deploy-to>/releases/<id>`.",
  DEPLOY_SHARED_PATH: "`<deploy-to>/shared`, which outlives releases.",
  DEPLOY_CURRENT_PATH: "`<deploy-to>/current`, the link to the release that is live.",
  DEPLOY_TO: "`deploy-to`, as an absolute path.",
} as const;
