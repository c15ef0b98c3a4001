import type { Codes } from "./codes.ts";

export const connectCodes = {
  "agent-unavailable": {
    cause: "The ssh-agent could not be asked, or holds no keys.",
    fix: "Check that the agent runs and that `ssh-add -l` lists the deploy key, or give --identity-file.",
  },
  "auth-refused": {
    cause: "The server refused the user or the key.",
    fix: "Add the public key to ~/.ssh/authorized_keys of that user on the server, or correct the username or the key.",
  },
  "certificate-refused": {
    cause:
      "The server's TLS certificate is not the pinned one, or none that the system trusts for this address.",
    fix: "Write the name that the certificate is for, or pin it as `certificate` of the host, after comparing it with the hoster's.",
  },
  "channel-refused": {
    cause: "The server opened no channel for one more command on a connection that stands: nothing was run.",
    fix: "Raise MaxSessions in the server's sshd_config (10 is its default; a deploy needs 2), then run it again.",
  },
  "connect-closed": {
    cause: "The server closed the connection before the handshake, several times.",
    fix: "Look at MaxStartups and PerSourcePenalties in the server's sshd_config, and at fail2ban or the firewall.",
  },
  "connect-dns": {
    cause: "The host name could not be resolved.",
    fix: "Check the spelling of the host and that its DNS record is visible from the runner.",
  },
  "connect-failed": {
    cause: "The connection could not be made for a reason not listed apart.",
    fix: "Try `ssh` with the same user, host and port from the same place.",
  },
  "connect-refused": {
    cause: "Nothing listens on that port of the host.",
    fix: "Check the port, and that sshd runs and listens on that address.",
  },
  "connect-stopped": { cause: "The run was cancelled while connecting.", fix: "Run it again." },
  "connect-timeout": {
    cause: "The host did not answer in time.",
    fix: "Check the firewall, the port, and that the runner may reach this network.",
  },
  "connect-unreachable": {
    cause: "There is no route to the host.",
    fix: "Check the address, and that the runner may reach this network.",
  },
  "connection-lost": {
    cause: "The connection to a host was lost while something ran there.",
    fix: "Run the same thing again: it reads what is on the host and goes on from there.",
  },
  "connections-refused": {
    cause: "An FTP server takes no more connections of this login or address.",
    fix: "End other FTP programs of this login, or wait until the server ends their connections; then run it again.",
  },
  "forwarding-refused": {
    cause: "The server prohibits TCP forwarding and has no curl to ask with.",
    fix: "Allow it (`AllowTcpForwarding local` in sshd_config), or install curl on the host.",
  },
  "handshake-failed": {
    cause: "The SSH handshake failed: no algorithm in common, or not an SSH server.",
    fix: "Check that the port is sshd's and that the server is not older than OpenSSH 7.2.",
  },
  "handshake-stalled": {
    cause: "The TCP connection stood, but the SSH handshake did not end in time.",
    fix: "Check that the port is sshd's, the load of the server, and firewalls that inspect traffic.",
  },
  "host-key-mismatch": {
    cause:
      "The server's key is not the pinned one: it was rebuilt, it is another server, or someone listens in.",
    fix: "Ask whoever runs the server for its fingerprint; only if it is the offered one, replace the line in known-hosts.",
  },
  "host-key-revoked": {
    cause: "The server's key is marked @revoked in known-hosts.",
    fix: "Do not connect. Give the server a new host key, then pin that.",
  },
  "host-key-unknown": {
    cause: "No line of known-hosts names this host.",
    fix: "Add the line shown, after comparing its fingerprint with the server's own.",
  },
  "http-failed": {
    cause: "The host made the HTTP request, but no valid answer came.",
    fix: "Look at the application's log on the host.",
  },
  "http-refused": {
    cause: "Nothing listens on that address and port on the host.",
    fix: "Check the port in the health URL, and that the application started.",
  },
  "http-timeout": {
    cause: "The application did not answer in time.",
    fix: "Look at the application's log on the host, or raise `activate.health.timeout` (one answer) and `within` (all of them).",
  },
  "known-hosts-invalid": {
    cause: "A line of known-hosts cannot be read.",
    fix: "Paste the line again as ssh-keyscan or ~/.ssh/known_hosts has it.",
  },
  "known-hosts-missing": {
    cause: "No known-hosts text was given, so no server can be trusted.",
    fix: "Run ssh-keyscan for the host, compare the fingerprint with the server's own, and store the lines in ~/.ssh/known_hosts or in the file that --known-hosts names.",
    inAction:
      "Run ssh-keyscan for the host, compare the fingerprint with the server's own, and give the lines as `known-hosts`.",
  },
  "password-missing": {
    cause: "A host is reached by FTP, which knows passwords only, and none was given.",
    fix: "Set the variable DEPLOY_FTP_PASSWORD.",
    inAction: "Give `ftp-password`, from a secret.",
  },
  "private-key-dsa": {
    cause: "The private key is a DSA key, which servers no longer accept.",
    fix: "Make a new key: `ssh-keygen -t ed25519 -f deploy-key`.",
  },
  "private-key-empty": {
    cause: "The private key is empty: an unset secret looks the same.",
    fix: "Let --identity-file name the file that `ssh-keygen -t ed25519` made.",
    inAction: "Check the secret's name, and that this job and environment may read it.",
  },
  "private-key-invalid": {
    cause: "What was given is no private key, or of a kind that is not supported.",
    fix: "Give the whole file that `ssh-keygen -t ed25519` made, first and last line included.",
  },
  "private-key-passphrase-missing": {
    cause: "The private key is encrypted and no passphrase was given.",
    fix: "Set the variable DEPLOY_SSH_PASSPHRASE, or make a deploy key without one.",
    inAction: "Give `ssh-passphrase`, or make a deploy key without one.",
  },
  "private-key-passphrase-wrong": {
    cause: "The passphrase does not open the private key.",
    fix: "Check DEPLOY_SSH_PASSPHRASE; `ssh-keygen -y -f KEY` tries it.",
    inAction: "Check `ssh-passphrase`; `ssh-keygen -y -f KEY` tries it.",
  },
  "private-key-public": {
    cause: "A public key was given where the private key belongs.",
    fix: "Give the file without `.pub`.",
  },
  "private-key-putty": {
    cause: "The private key is in PuTTY's format.",
    fix: "Convert it: `puttygen key.ppk -O private-openssh-new -o deploy-key`.",
  },
  "private-key-several": { cause: "Several private keys were given at once.", fix: "Give exactly one." },
  "private-key-truncated": {
    cause: "The private key is cut off or damaged.",
    fix: "Copy the whole file again, from the BEGIN line to the END line.",
  },
} as const satisfies Codes;
