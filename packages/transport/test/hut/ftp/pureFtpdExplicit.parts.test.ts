import { ftpSuite } from "./suite.ts";

ftpSuite({ kind: "pure-ftpd", tls: "explicit" });
