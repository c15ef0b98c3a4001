import type { Plugin } from "esbuild";

/** Asks for OIDC tokens. Its HTTP client is undici, and node's own: a third of the time that an action needed to start. */
const oidc = /@actions\/core\/lib\/oidc-utils\.js$/;

/** A module of somebody else's that is loaded when it is called, not when its package is. */
export const late: Plugin = {
  name: "late",
  setup({ onLoad }) {
    onLoad({ filter: oidc }, ({ suffix }) =>
      suffix === "?late"
        ? undefined
        : {
            contents: `export const OidcClient = {
  getIDToken: async (audience) => (await import("./oidc-utils.js?late")).OidcClient.getIDToken(audience),
};`,
          },
    );
  },
};
