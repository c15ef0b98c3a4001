<?php
// Stands for a real migration: one line per run, so that anybody can see it ran once per release.
file_put_contents(getenv('DEPLOY_SHARED_PATH') . '/log/migrations', getenv('DEPLOY_RELEASE') . "\n", FILE_APPEND);
