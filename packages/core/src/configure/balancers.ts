import type { ConfigureKind } from "./kind.ts";

/** One file is the whole server, with what it runs as root: nobody but its owner writes it. */
export const haproxy: ConfigureKind = {
  words: "the file of HAProxy",
  tool: "haproxy -c",
  test: 'haproxy -c -f "$file"',
  to: () => "/etc/haproxy/haproxy.cfg",
  levels: ["check", "user"],
};

export const caddy: ConfigureKind = {
  words: "the file of Caddy",
  tool: "caddy validate",
  test: 'HOME=$work caddy validate --adapter caddyfile --config "$file"',
  to: () => "/etc/caddy/Caddyfile",
  levels: ["check", "user"],
};
