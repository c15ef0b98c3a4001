import { service } from "./service.ts";
import { restarted, unitName } from "./unit.ts";

/** A bare ssh exec has no session: without the variable there is no bus (measured with systemd 252). */
const manager = 'XDG_RUNTIME_DIR="/run/user/$(id -u)" systemctl --user';

/** A unit of the deploy user's own systemd: nothing needs root but lingering, once. */
export const systemdUser = service({
  words: "a unit of the login's own systemd, started again without root",
  keys: { unit: unitName().describe("Its unit, with the ending: `shop.service`.") },
  commands({ unit }) {
    const linger =
      '[ -e "/var/lib/systemd/linger/$(id -un)" ] || ' +
      '{ echo "deploy: the units of $(id -un) end with its last login: sudo loginctl enable-linger $(id -un)" >&2; exit 1; }';
    const { check, ...rest } = restarted({ unit, sudo: false, verb: "restart" }, manager);
    const journal = { unit, user: true };
    return { name: `${unit} of the login`, journal, ...rest, check: `${linger}\n${check}` };
  },
});
