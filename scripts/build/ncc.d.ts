declare module "@vercel/ncc" {
  interface NccOptions {
    readonly cache: false;
    readonly esm: boolean;
    readonly externals: Readonly<Record<string, string>>;
    readonly filterAssetBase: string;
    readonly license: string;
    readonly minify: boolean;
    readonly quiet: boolean;
    readonly sourceMap: boolean;
    readonly target: string;
  }
  interface NccBundle {
    readonly code: string;
    readonly assets: Readonly<Record<string, { readonly source: string | Buffer }>>;
  }
  export default function ncc(entry: string, options: NccOptions): Promise<NccBundle>;
}
