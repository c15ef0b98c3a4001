/** GitHub's own measures for Markdown (github-markdown.css), light. */
export const style = `
body { box-sizing: border-box; margin: 0; padding: 16px; overflow-wrap: break-word;
  font: 16px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: #1f2328; }
h3 { font-size: 20px; font-weight: 600; line-height: 1.25; margin: 0 0 16px; }
p, ul, table, pre, details, .alert { margin: 0 0 16px; }
ul { padding-left: 2em; }
a { color: #0969da; }
code { font: 85% ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; padding: .2em .4em;
  white-space: break-spaces; background: #818b981f; border-radius: 6px; }
h3 code { font-size: inherit; padding: 0 .2em; }
pre { padding: 16px; overflow: auto; font-size: 85%; line-height: 1.45; background: #f6f8fa; border-radius: 6px; }
pre code { padding: 0; font-size: 100%; white-space: pre; background: none; }
table { display: block; width: max-content; max-width: 100%; overflow: auto; border-spacing: 0; border-collapse: collapse; }
th, td { padding: 6px 13px; border: 1px solid #d1d9e0; }
th { font-weight: 600; }
tr { background: #fff; border-top: 1px solid #d1d9e0b3; }
tbody tr:nth-child(2n) { background: #f6f8fa; }
sub { font-size: 75%; line-height: 0; position: relative; vertical-align: baseline; bottom: -.25em; }
.alert { padding: 8px 16px; border-left: .25em solid #d1d9e0; }
.alert > :last-child { margin-bottom: 0; }
.alert .title { font-weight: 500; line-height: 1; }
.WARNING { border-color: #9a6700; } .WARNING .title { color: #9a6700; }
.CAUTION { border-color: #cf222e; } .CAUTION .title { color: #d1242f; }
`;
