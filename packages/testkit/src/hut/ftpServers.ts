import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathOfPart } from "../parts.ts";

export interface FtpOptions {
  readonly kind: "vsftpd" | "proftpd" | "pure-ftpd";
  /** Plain unless told. */
  readonly tls?: "explicit" | "implicit";
  /** Bytes of `/site`, in words of mount. */
  readonly room?: string;
  /** Connections that it takes; as many as come unless told. */
  readonly most?: number;
  /** Of vsftpd: behind NAT, with PASV alone, an address that leads nowhere, and no modes. */
  readonly bare?: boolean;
  /** False: a server that overwrites nothing; where it can be told so. */
  readonly overwrite?: boolean;
}

/** What a server is set up with. `folder` is the login's, `own` the server's. */
export interface FtpSetup extends FtpOptions {
  readonly folder: string;
  readonly own: string;
  readonly port: number;
  readonly passive: readonly [number, number];
  readonly certificate: string;
}

export const ftpLogin = { username: "site", password: "open sesame & more", uid: 4_242 } as const;

/** Writes what a server reads, and returns its command line. */
type Server = (setup: FtpSetup) => readonly string[];

const { username, password, uid } = ftpLogin;

/** As crypt(3) has it, with SHA-512. */
const hashed = (): string =>
  execFileSync("openssl", ["passwd", "-6", "-salt", "deploytest", password]).toString().trim();

const lines = (words: Readonly<Record<string, string | number>>, between: string): string =>
  `${Object.entries(words)
    .map(([key, value]) => `${key}${between}${value}`)
    .join("\n")}\n`;

/** It knows the system's users only: of these it sees its own, in a mount namespace. */
const vsftpd: Server = ({ folder, own, port, passive: [low, high], certificate, tls, most, bare }) => {
  const [config, users, shadow, empty] = ["conf", "passwd", "shadow", "empty"].map((name) =>
    join(own, name),
  ) as [string, string, string, string];
  mkdirSync(empty);
  writeFileSync(
    users,
    `root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\nftp:x:65533:65534::/:/bin/false\n${username}:x:${uid}:${uid}::${folder}:/bin/sh\n`,
  );
  writeFileSync(shadow, `root:*:19000:0:99999:7:::\n${username}:${hashed()}:19000:0:99999:7:::\n`, {
    mode: 0o600,
  });
  const secure = {
    ...{ ssl_enable: "YES", rsa_cert_file: certificate, rsa_private_key_file: certificate },
    ...{ force_local_logins_ssl: "YES", force_local_data_ssl: "YES", require_ssl_reuse: "YES" },
    implicit_ssl: tls === "implicit" ? "YES" : "NO",
  };
  const settings = {
    ...{ listen: "YES", listen_ipv6: "NO", listen_address: "127.0.0.1", listen_port: port, background: "NO" },
    ...{ anonymous_enable: "NO", local_enable: "YES", write_enable: "YES", local_umask: "022" },
    ...{ chroot_local_user: "YES", allow_writeable_chroot: "YES", secure_chroot_dir: empty },
    ...{ pasv_min_port: low, pasv_max_port: high, pam_service_name: "other", seccomp_sandbox: "NO" },
    ...(most === undefined ? {} : { max_clients: most }),
    ...(bare ? { cmds_denied: "EPSV", pasv_address: "192.0.2.1", chmod_enable: "NO" } : {}),
    ...(tls === undefined ? {} : secure),
  };
  writeFileSync(config, lines(settings, "="));
  const mounts = `mount --bind ${users} /etc/passwd && mount --bind ${shadow} /etc/shadow`;
  return ["unshare", "-m", "sh", "-c", `${mounts} && exec ${pathOfPart("vsftpd")} ${config}`];
};

const proftpd: Server = ({ folder, own, port, passive, certificate, tls, most, overwrite = true }) => {
  const [config, users] = [join(own, "conf"), join(own, "users")];
  writeFileSync(users, `${username}:${hashed()}:${uid}:${uid}::${folder}:/bin/sh\n`, { mode: 0o600 });
  const program = pathOfPart("proftpd") ?? "";
  const options = ["NoEmptyFragments", ...(tls === "implicit" ? ["UseImplicitSSL"] : [])];
  const secure = {
    ...{ LoadModule: "mod_tls.c", TLSEngine: "on", TLSRequired: "on", TLSProtocol: "TLSv1.2 TLSv1.3" },
    ...{ TLSRSACertificateFile: certificate, TLSRSACertificateKeyFile: certificate },
    ...{ TLSLog: join(own, "tls.log"), TLSOptions: options.join(" ") },
  };
  const settings = {
    ...{ ModulePath: join(program, "../../lib/proftpd"), ServerName: '"test"', ServerType: "standalone" },
    ...{ DefaultAddress: "127.0.0.1", SocketBindTight: "on", UseIPv6: "off", Port: port },
    ...{ PassivePorts: passive.join(" "), User: "nobody", Group: "nogroup", AuthOrder: "mod_auth_file.c" },
    ...{ AuthUserFile: users, RequireValidShell: "off", DefaultRoot: "~", Umask: "022 022" },
    ...{ PidFile: join(own, "pid"), ScoreboardFile: join(own, "scoreboard"), WtmpLog: "off" },
    ...{ SystemLog: join(own, "log"), TransferLog: "none", AllowOverwrite: overwrite ? "on" : "off" },
    ...(most === undefined ? {} : { MaxClientsPerUser: most }),
    ...(tls === undefined ? {} : secure),
  };
  // Sessions are counted with a delay where the engine learns what a login takes.
  writeFileSync(config, `${lines(settings, " ")}<IfModule mod_delay.c>\nDelayEngine off\n</IfModule>\n`);
  return [program, "-n", "-c", config];
};

const pureFtpd: Server = ({ folder, own, port, passive: [low, high], certificate, tls, most }) => {
  const [users, db] = [join(own, "users"), join(own, "users.pdb")];
  const tool = join(pathOfPart("pure-ftpd") ?? "", "../../bin/pure-pw");
  // Its own hashes take five seconds each.
  const rest = ":".repeat(12);
  writeFileSync(users, `${username}:${hashed()}:${uid}:${uid}::${folder}/./${rest}\n`, { mode: 0o600 });
  execFileSync(tool, ["mkdb", db, "-f", users]);
  const secure = tls === undefined ? [] : ["-Y", "3", "-2", certificate];
  const limit = most === undefined ? ["-c", "50", "-C", "50"] : ["-c", `${most}`];
  const where = ["-S", `127.0.0.1,${port}`, "-p", `${low}:${high}`, "-g", join(own, "pid")];
  return [
    pathOfPart("pure-ftpd") ?? "",
    ...where,
    "-l",
    `puredb:${db}`,
    "-A",
    "-E",
    "-H",
    "-4",
    ...limit,
    ...secure,
  ];
};

export const ftpServers = { vsftpd, proftpd, "pure-ftpd": pureFtpd } as const satisfies Readonly<
  Record<string, Server>
>;
