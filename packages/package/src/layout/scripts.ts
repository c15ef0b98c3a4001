import type { PackageSettings } from "./settings.ts";

/** A word for sh, whatever is in it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

const head = "#!/bin/sh\nset -e\n";

/**
 * Scripts of a release's own package. Removing the live release is refused, since nothing would be served; and what the app wrote beside
 * its files leaves with them, which dpkg does not know of.
 */
export function releaseScripts({ deployTo, release }: PackageSettings): Readonly<Record<string, string>> {
  const to = quote(deployTo);
  const live = quote(`releases/${release}`);
  return {
    prerm: `${head}if [ "$1" = remove ] && [ "$(readlink ${to}/current)" = ${live} ]; then
  echo "${release} is live: switch to another release first" >&2
  exit 1
fi
`,
    postrm: `${head}case "$1" in
  remove | purge) rm -rf ${to}/${live} ;;
esac
`,
  };
}

/**
 * Scripts of the package that says which release is live: a rename, and a restart that may fail without breaking apt, which else would
 * refuse all work on the host. Whether the app is healthy is asked by who deploys, not here.
 */
export function pointerScripts(
  settings: PackageSettings,
  unit: string | undefined,
): Readonly<Record<string, string>> {
  const { deployTo, release, shared } = settings;
  const to = quote(deployTo);
  const folders = shared.directories.map((path) => `    mkdir -p ${to}/shared/${quote(path)}\n`);
  return {
    postinst: `${head}case "$1" in
  configure | abort-remove | abort-deconfigure)
    mkdir -p ${to}/shared
${folders.join("")}    ln -sfn ${quote(`releases/${release}`)} ${to}/.current-package
    mv -fT ${to}/.current-package ${to}/current
${restart(unit)}    ;;
esac
`,
    prerm: `${head}if [ "$1" = remove ]; then
${stop(unit)}  if [ "$(readlink ${to}/current)" = ${quote(`releases/${release}`)} ]; then rm -f ${to}/current; fi
fi
`,
    ...postrm(unit),
  };
}

/** Scripts of the plain layout: the files are the app, and the unit is restarted when they are there. */
export function plainScripts(
  settings: PackageSettings,
  unit: string | undefined,
): Readonly<Record<string, string>> {
  const to = quote(settings.deployTo);
  const folders = settings.shared.directories.map((path) => `    mkdir -p ${to}/${quote(path)}\n`).join("");
  const body = `${folders}${restart(unit)}`;
  if (body === "") return {};
  return {
    postinst: `${head}case "$1" in
  configure | abort-remove | abort-deconfigure)
${body}    ;;
esac
`,
    ...(unit === undefined ? {} : { prerm: `${head}if [ "$1" = remove ]; then\n${stop(unit)}fi\n` }),
    ...postrm(unit),
  };
}

/** `deb-systemd-invoke` asks policy-rc.d first: images are baked without starting anything. */
function restart(unit: string | undefined): string {
  if (unit === undefined) return "";
  return `    deb-systemd-helper enable ${unit} >/dev/null || true
    if [ -d /run/systemd/system ]; then
      systemctl --system daemon-reload >/dev/null || true
      deb-systemd-invoke restart ${unit} >/dev/null || true
    fi
`;
}

function stop(unit: string | undefined): string {
  if (unit === undefined) return "";
  return `  if [ -d /run/systemd/system ]; then deb-systemd-invoke stop ${unit} >/dev/null || true; fi\n`;
}

function postrm(unit: string | undefined): Readonly<Record<string, string>> {
  if (unit === undefined) return {};
  return {
    postrm: `${head}if command -v deb-systemd-helper >/dev/null; then
  if [ "$1" = purge ]; then deb-systemd-helper purge ${unit} >/dev/null || true; fi
fi
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl --system daemon-reload >/dev/null || true; fi
`,
  };
}
