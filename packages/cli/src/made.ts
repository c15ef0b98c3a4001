/** The host keys that `init --keys` collects, in the project's folder. */
export const knownHostsFile = "known_hosts.deploy";

/** The key that it makes, which only deploys this app. */
export const keyFileOf = (app: string): string => `~/.ssh/deploy-${app}`;
