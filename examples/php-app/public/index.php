<?php
// The app: /up says which release answers, / shows how many uploads it knows.
$release = basename(realpath(__DIR__ . '/..'));
header("X-Release: $release");
if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) === '/up') {
    echo "$release\n";
    return;
}
$uploads = array_diff(scandir(__DIR__ . '/uploads'), ['.', '..']);
echo (getenv('GREETING') ?: 'Hello') . ', ' . count($uploads) . " uploads\n";
