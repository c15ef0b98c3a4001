#!/bin/sh
# Stops the running app, if there is one, and starts it from `current`.
# On a server with systemd this whole file is: sudo systemctl reload php-fpm
set -eu
main() {
  pid_file=$DEPLOY_SHARED_PATH/log/app.pid
  if [ -s "$pid_file" ] && kill "$(cat "$pid_file")" 2>/dev/null; then
    tries=50
    while kill -0 "$(cat "$pid_file")" 2>/dev/null && [ "$tries" -gt 0 ]; do
      tries=$((tries - 1))
      sleep 0.1
    done
  fi
  cd "$DEPLOY_CURRENT_PATH"
  set -a
  # shellcheck disable=SC1091 # the settings of this host, in shared/
  . ./.env
  set +a
  nohup php -S "127.0.0.1:${PORT:-8080}" -t public public/index.php >>"$DEPLOY_SHARED_PATH/log/app.log" 2>&1 </dev/null &
  echo "$!" >"$pid_file"
}
main "$@"
