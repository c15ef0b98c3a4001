import { type Config, hostOf, type Seen, type SeenHost } from "@deploy/core";
import { pagesAsked } from "@deploy/core/doctor";
import { addressesOf, answersAt, certificateAt, pageAt } from "@deploy/transport";

export interface SeenOutside {
  /** Absent where the config names no url. */
  readonly seen?: Seen;
  readonly hosts: readonly SeenHost[];
}

/** What visitors meet, seen from here; `direct`: no jump host stands before the servers. Changes nothing, never rejects. */
export async function lookOutside(
  { url, hosts }: Pick<Config, "url" | "hosts">,
  { port, direct }: { readonly port?: number | undefined; readonly direct: boolean },
): Promise<SeenOutside> {
  const looked = Promise.all(
    hosts.map(async ({ name, address }): Promise<SeenHost> => {
      if (!direct) return { host: name, addresses: [] };
      const [addresses, certificate, open] = await Promise.all([
        addressesOf(address),
        url?.startsWith("https:") ? certificateAt(hostOf(url), address, portOf(url)) : undefined,
        port === undefined ? undefined : answersAt(address, port),
      ]);
      return {
        ...{ host: name, addresses },
        ...(certificate === undefined ? {} : { certificate }),
        ...(open === undefined ? {} : { open }),
      };
    }),
  );
  if (url === undefined) return { hosts: await looked };
  const [site, behind] = await Promise.all([lookAtSite(url), looked]);
  return { seen: { ...site, hosts: behind }, hosts: behind };
}

async function lookAtSite(url: string): Promise<Omit<Seen, "hosts">> {
  const name = hostOf(url);
  const number = portOf(url);
  const secure = url.startsWith("https:");
  const [addresses, plain, ...answers] = await Promise.all([
    addressesOf(name),
    secure && number === 443 ? pageAt(url.replace(/^https:/, "http:"), "/") : undefined,
    ...pagesAsked.map((path) => pageAt(url, path)),
  ]);
  const pages = Object.fromEntries(
    pagesAsked.flatMap((path, index) => (answers[index] === undefined ? [] : [[path, answers[index]]])),
  );
  const asset = assetIn(url, pages["/"]?.text ?? "");
  const served = asset === undefined ? undefined : await pageAt(url, asset);
  const each = addresses.map(async (address) => {
    const answers = await answersAt(address, number);
    const certificate = answers && secure ? await certificateAt(name, address, number) : undefined;
    return { address, answers, ...(certificate === undefined ? {} : { certificate }) };
  });
  return {
    ...{ url, pages, addresses: await Promise.all(each) },
    ...(plain === undefined ? {} : { plain }),
    ...(asset === undefined || served === undefined ? {} : { asset: { ...served, path: asset } }),
  };
}

/** The first style sheet or script of the site's own that a page names. */
function assetIn(url: string, page: string): string | undefined {
  const found = /(?:href|src)="([^"]+\.(?:css|js)(?:\?[^"]*)?)"/.exec(page)?.[1];
  if (found === undefined) return undefined;
  try {
    const address = new URL(found, url);
    return address.origin === new URL(url).origin ? address.pathname + address.search : undefined;
  } catch {
    return undefined;
  }
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port || (protocol === "https:" ? 443 : 80));
}
