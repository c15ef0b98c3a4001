/** What usually leads to an error, and what usually mends it: whole sentences. */
export type Codes = Readonly<Record<string, { readonly cause: string; readonly fix: string }>>;
