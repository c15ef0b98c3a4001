/** What visitors meet at the app's address, seen from where doctor runs. */
export interface Seen {
  readonly url: string;
  /** Of its name; none: nobody finds it. */
  readonly addresses: readonly SeenAddress[];
  /** The same name asked at each host itself, behind what stands before them. */
  readonly hosts: readonly SeenHost[];
  /** By path; absent: no answer. */
  readonly pages: Readonly<Record<string, SeenPage>>;
  /** The same name over http; absent: not asked, or no answer. */
  readonly plain?: SeenPage;
  /** A style sheet or script that the page names, and its answer; absent: it names none. */
  readonly asset?: SeenPage & { readonly path: string };
}

export interface SeenAddress {
  readonly address: string;
  readonly answers: boolean;
  /** Of https alone; absent: no TLS is spoken there. */
  readonly certificate?: SeenCertificate;
}

export interface SeenCertificate {
  /** Why browsers refuse it: `CERT_HAS_EXPIRED`. */
  readonly refused?: string;
  readonly ends: Date;
}

export interface SeenHost {
  readonly host: string;
  /** Of its name; none: it has no address here, or a jump host stands before it. */
  readonly addresses: readonly string[];
  readonly certificate?: SeenCertificate;
  /** The app's own port answers here. */
  readonly open?: boolean;
}

export interface SeenPage {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** As much of it as a page says something in. */
  readonly text: string;
}
