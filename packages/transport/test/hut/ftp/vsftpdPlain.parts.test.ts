import { ftpSuite } from "./suite.ts";

ftpSuite({ kind: "vsftpd" });
