import type { Files } from "@deploy/testkit";

/** As `wsgi`: what `__DIR__` is was settled when the code was compiled, whatever the link says by now. */
export const php: Files = {
  "public/index.php": `<?php
if ($_SERVER["REQUEST_URI"] !== "/long") exit(basename(dirname(__DIR__)) . "\\n");
$was = readlink("/srv/shop/current");
while (ob_get_level() > 0) ob_end_flush();
echo str_repeat(" ", 5000), "begun\\n";
flush();
while (readlink("/srv/shop/current") === $was) usleep(20000);
sleep(1);
echo "over\\n";
`,
};

export const brokenPhp: Files = { "public/index.php": "<?php broken(\n" };
