# alone
#
# The first boot of a machine that deploys itself, as its user-data; run again it installs anew. Above it stand, by birth.ts: app environment store
# floor region imds base user agent key. It fetches what deploys (`agent/<sha256>`), believes it by that digest alone, and has a timer call it.
# HOST: the machine's name in the store, else its own.
set -u

fail() { echo "deploy: $1" >&2; exit 1; }

main() {
  app=${app-} environment=${environment-} store=${store-} floor=${floor-} base=${base-} user=${user-} agent=${agent-} key=${key-}
  [ -n "$base" ] && [ -n "$user" ] && [ -n "$key" ] || fail 'what should stand above is missing'
  P=$base/.deploy/puller
  id "$user" >/dev/null 2>&1 || useradd --system --create-home --shell /usr/sbin/nologin "$user" || fail "there is no user $user"
  mkdir -p "$base" && umask 077 && mkdir -p "$P/agent" || fail "$P cannot be made"
  fetch >"$P/agent.new" || fail "$store/agent/$agent could not be fetched"
  sum=$(openssl dgst -sha256 -r "$P/agent.new") || fail 'openssl is not installed'
  [ "${sum%% *}" = "$agent" ] || fail "$store/agent/$agent is not what this machine was born for"
  (cd "$P/agent" && sh "$P/agent.new") || fail "$P/agent cannot be written"
  printf '%s\n' "$key" >"$P/key.pem"
  name=${HOST:-$(uname -n)}
  printf '%s\n' "app $app" "environment $environment" "store $store" "floor $floor" "host $name" >"$P/settings.new"
  [ -z "$region" ] || printf '%s\n' "role-region $region" >>"$P/settings.new"
  [ -z "$imds" ] || printf '%s\n' "imds $imds" >>"$P/settings.new"
  mv -f "$P/settings.new" "$P/settings" && rm -f "$P/agent.new" || fail "$P cannot be written"
  chown -R "$user" "$base/.deploy" && chown "$user" "$base" || fail "$base cannot be given to $user"
  [ ! -d /run/systemd/system ] || timer
}

fetch() { options | curl -q --config -; }

options() {
  printf '%s\n' "url = \"$store/agent/$agent\"" globoff fail silent show-error 'retry = 5' 'max-filesize = 1000000'
  [ -z "$region" ] || role
}

# As storeAccess.sh has it.
role() {
  imds=${imds:-http://169.254.169.254}
  pass=$(ask_imds 'request = "PUT"' 'header = "x-aws-ec2-metadata-token-ttl-seconds: 300"' latest/api/token)
  name=$(ask_imds '' "header = \"x-aws-ec2-metadata-token: $pass\"" latest/meta-data/iam/security-credentials/)
  keys=$(ask_imds '' "header = \"x-aws-ec2-metadata-token: $pass\"" "latest/meta-data/iam/security-credentials/$name")
  echo "user = \"$(of AccessKeyId):$(of SecretAccessKey)\""
  echo "aws-sigv4 = \"aws:amz:$region:s3\""
  echo "header = \"x-amz-security-token: $(of Token)\""
  echo 'header = "x-amz-content-sha256: UNSIGNED-PAYLOAD"'
}

ask_imds() { printf '%s\n' "$1" "$2" "url = \"$imds/$3\"" silent fail 'max-time = 5' | curl -q --config -; }

of() { echo "$keys" | tr ',' '\n' | sed -n "s/.*\"$1\" *: *\"\\([!-~]*\\)\".*/\\1/p"; }

# Not by user-data alone, which runs once: also after a reboot, and out of a warm pool.
timer() {
  umask 022
  unit=/etc/systemd/system/deploy-pull-$app
  printf '%s\n' '[Unit]' "Description=$app deploys itself" 'Wants=network-online.target' 'After=network-online.target' '[Service]' \
    'Type=oneshot' "User=$user" "ExecStart=/bin/sh $P/agent/puller.sh $base" >"$unit.service"
  printf '%s\n' '[Unit]' "Description=$app deploys itself" '[Timer]' 'OnBootSec=0' 'OnUnitActiveSec=30' 'RandomizedDelaySec=10' \
    'AccuracySec=1' '[Install]' 'WantedBy=timers.target' >"$unit.timer"
  systemctl daemon-reload && systemctl enable --now "deploy-pull-$app.timer"
}
main "$@"
