/** The file of `/etc/apt/sources.list.d` (deb822) that makes a host trust this repository by this certificate, and nothing else by it. */
export function renderSources(given: {
  /** `https://…`, where the hosts read it. */
  readonly url: string;
  readonly suite: string;
  readonly certificate: string;
}): string {
  const key = given.certificate.trimEnd().replaceAll("\n\n", "\n.\n").replaceAll("\n", "\n ");
  return `Types: deb\nURIs: ${given.url}\nSuites: ${given.suite}\nComponents: main\nSigned-By:\n ${key}\n`;
}
