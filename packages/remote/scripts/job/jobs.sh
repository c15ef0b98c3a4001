# sets J boot boot_now by ended job job_code job_id job_pid job_release job_start job_step job_token mode note since weaker
#
# Reading the state of jobs, for every script that must know it. Writes nothing.
#
# .deploy/jobs/ID/: meta   1 RELEASE STEP TOKEN OWNER LAUNCHED .
#                   claim  1 PID START BOOT SINCE flock|pid .      hard link: made once, with contents
#                   rc     1 CODE ENDED NOTE BY .                  by rename; NOTE: -, ended, resolved
#                   alive  locked while the runner or the command lives    out: the output    job: the command
# ID~N: an archived one. A line without its last word was cut, and proves nothing.

is_job() {
  case $1 in '' | . | .. | *[!A-Za-z0-9._-]*) return 1 ;; esac
  [ "${#1}" -le 120 ]
}

need_job() { is_job "$1" || fail 64 argument-refused "not a job id: $1"; }

# This boot, once per script; - where the system does not say
read_boot() {
  [ -z "${boot_now-}" ] || return 0
  boot_now=-
  [ ! -r /proc/sys/kernel/random/boot_id ] || read -r boot_now </proc/sys/kernel/random/boot_id
}

job_lives() {
  read_boot
  boot=unknown
  if [ "$boot_now" != - ] && [ "$job_boot" != - ]; then
    if [ "$boot_now" = "$job_boot" ]; then boot=same; else boot=other; fi
  fi
  [ "$boot" != other ] || return 1
  if [ "$job_mode" != pid ] && [ -r "$J/alive" ] && command -v flock >/dev/null 2>&1; then
    weaker=-
    flock -s -n 7 7<"$J/alive" 2>/dev/null
    case $? in 0) return 1 ;; 1) return 0 ;; esac
  fi
  weaker=no-flock
  group_lives "$job_pid" "$job_start"
}

# FILE WORDS: the line into w1 … w6; 0 whole, 1 missing, 2 damaged, 3 of another version
read_words() {
  w1='' w2='' w3='' w4='' w5='' w6='' version=''
  [ -e "$1" ] || [ -L "$1" ] || return 1
  { read -r version w1 w2 w3 w4 w5 w6 <"$1"; } 2>/dev/null || true
  case $version in 1) ;; '' | *[!0-9]*) return 2 ;; *) return 3 ;; esac
  case $2 in
    4) [ "$w5" = . ] && [ -z "$w6" ] || return 2 ;;
    5) [ "$w6" = . ] || return 2 ;;
  esac
}

# ID -> J, job: new, running, done, lost or foreign (another version wrote it), and what is known of it
read_job() {
  J=$D/jobs/$1 job=new damage='' job_code=- ended=- note=- by=- weaker=- boot=unknown
  job_pid=- job_start=- job_boot=- since=- job_mode=- job_release=- job_step=- job_owner=- job_token=-
  [ -d "$J" ] || return 0
  odd=''
  read_words "$J/meta" 5
  case $? in 0) job_release=$w1 job_step=$w2 job_token=$w3 job_owner=$w4 ;; 3) odd=1 ;; esac
  read_words "$J/claim" 6
  case $? in
    0) read_claim ;;
    1) [ -e "$J/rc" ] || return 0 ;;
    2) damage=$J/claim ;;
    3) odd=1 ;;
  esac
  if read_rc; then return 0; fi
  if job_lives; then
    job=running
    return 0
  fi
  # it may have ended between the two looks
  if read_rc; then return 0; fi
  if [ -n "$odd" ]; then job=foreign; else job=lost; fi
}

read_claim() {
  if [ "$w6" = . ] && digits "$w1" && digits "$w4"; then
    job_pid=$w1 job_start=$w2 job_boot=$w3 since=$w4 job_mode=$w5
  else
    damage=$J/claim
  fi
}

# Whole and of our version: job is done. A code that cannot be read is none.
read_rc() {
  read_words "$J/rc" 4
  case $? in
    0) ;;
    1) return 1 ;;
    3)
      odd=1
      return 1
      ;;
    *) w1='' ;;
  esac
  if ! { digits "$w1" && [ "${#w1}" -le 3 ] && [ "$w1" -le 255 ] && digits "$w2"; }; then
    damage=$J/rc
    return 1
  fi
  job='done' job_code=$w1 ended=$w2 note=$w3 by=$w4
  return 0
}

# OWNER: a job that runs, and is not that owner's -> job_id and what read_job tells; fails where there is none
find_running() {
  for path in "$D/jobs"/*; do
    job_id=${path##*/}
    is_job "$job_id" && [ -d "$path" ] || continue
    read_job "$job_id"
    if [ "$job" = running ] && [ "$job_owner" != "$1" ]; then return 0; fi
  done
  return 1
}

# CODE WORD: refuses because of the job just read, with what the reader needs to follow it
fail_running() {
  say "running $1 $job_pid $since $job_release $job_step $(printf '%s' "$J/out" | hex)"
  fail 75 job-running "$1"
}
