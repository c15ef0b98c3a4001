// What a team writes today: the same tools, of the same versions, and source maps beside the files.
import { Buffer } from "node:buffer";
import { Transform } from "node:stream";
import gulp from "gulp";
import newer from "gulp-newer";
import gulpSass from "gulp-sass";
import terser from "gulp-terser";
import * as lightning from "lightningcss-wasm";
import * as compiler from "sass";

const sass = gulpSass(compiler);
const { src, dest, parallel } = gulp;
const out = { styles: "public/css", scripts: "public/js" };
const maps = { sourcemaps: true };

function minifyCss() {
  return new Transform({
    objectMode: true,
    transform(file, _, done) {
      const { code, map } = lightning.transform({
        filename: file.relative,
        code: file.contents,
        minify: true,
        sourceMap: true,
        inputSourceMap: JSON.stringify(file.sourceMap),
      });
      file.contents = Buffer.from(code);
      file.sourceMap = { ...JSON.parse(Buffer.from(map).toString()), file: file.relative };
      done(undefined, file);
    },
  });
}

// The compiler's synchronous interface is the faster one.
const compile = () => sass.sync({ quietDeps: true }).on("error", sass.logError);
const stylesIn = (files) =>
  files
    .pipe(compile())
    .pipe(minifyCss())
    .pipe(dest(out.styles, { sourcemaps: "." }));
const scriptsIn = (files) => files.pipe(terser()).pipe(dest(out.scripts, { sourcemaps: "." }));

const entries = ["assets/css/**/*.scss", "!assets/css/**/_*.scss"];
const parts = "assets/css/**/_*.scss";
const ready = async () => await lightning.default();

const styles = async () => {
  await ready();
  return ended(stylesIn(src(entries, maps)));
};
const scripts = () => scriptsIn(src("assets/js/**/*.js", maps));
const newerStyles = async () => {
  await ready();
  return ended(stylesIn(src(entries, maps).pipe(newer({ dest: out.styles, ext: ".css", extra: parts }))));
};
const newerScripts = () => scriptsIn(src("assets/js/**/*.js", maps).pipe(newer(out.scripts)));

function ended(stream) {
  return new Promise((done, fail) => stream.on("finish", done).on("error", fail));
}

export const build = parallel(styles, scripts);
/** Only files that are newer than what was made of them. */
export const update = parallel(newerStyles, newerScripts);
