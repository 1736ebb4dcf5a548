# Shared by run, test, bench and exeunt (sourced, not started). Installs what is missing where it may, else says what to install.
# Words go to stderr: a command's output stays its own.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build servers would outlive the script.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

say() { printf '%s\n' "$*" >&2; }

fail() { say "$*"; exit 1; }

# need NAME... : makes sure of the named things, all missing packages in one go.
need() {
  local thing missing=()
  for thing in "$@"; do
    case $thing in
      sdk) need_sdk ;;
      node) have node && have npm || missing+=(nodejs npm) ;;
      postgres) [ -n "$(postgres_bin)" ] || missing+=(postgresql-15) ;;
      chromium) have chromium || missing+=(chromium) ;;
      fonts) have fc-list && [ -n "$(fc-list :lang=zh 2>/dev/null | head -1)" ] || missing+=(fontconfig fonts-noto-cjk) ;;
      poppler) have pdftotext && have pdfsig || missing+=(poppler-utils) ;;
      qpdf) have qpdf || missing+=(qpdf) ;;
      *) fail "tools/setup.sh: nobody knows how to install '$thing'" ;;
    esac
  done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

have() { command -v "$1" >/dev/null 2>&1; }

need_sdk() {
  have dotnet || fail "Exeunt is built with the .NET 10 SDK, and there is no 'dotnet' here. Install it (https://dotnet.microsoft.com/download/dotnet/10.0), then start this again."
  (cd "$root" && dotnet --version >/dev/null 2>&1) ||
    fail "Exeunt is built with the .NET 10 SDK ($(sed -n 's/.*"version": "\([^"]*\)".*/\1/p' "$root/global.json") or a later patch of it). This machine has: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ' -)."
}

install_packages() {
  local as_root=() log
  have apt-get || fail "Missing: $*. This is not a Debian system, so please install them (or what they are called here) yourself, then start this again."
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail "Missing: $*. Install them, then start this again:
  sudo apt-get install --no-install-recommends -y $*"
    as_root=(sudo -n)
  fi
  say "Installing $* …"
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -q -y "$@"; } >"$log" 2>&1; then
    tail -20 "$log" >&2
    rm -f "$log"
    fail "Could not install $*. The lines above say why; install them yourself, then start this again."
  fi
  rm -f "$log"
}

# Folder of PostgreSQL's server programs, the newest from 15 on; empty when there is none.
postgres_bin() {
  local folder
  for folder in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -rV); do
    if [ -x "$folder/initdb" ] && [ "$("$folder/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')" -ge 15 ]; then
      echo "$folder"
      return
    fi
  done
}

# build_product: the server's files in artifacts/run, built only when something they are made of is newer.
build_product() {
  local stamp=$root/artifacts/run/.built log
  if [ -e "$stamp" ] && [ -z "$(cd "$root" && find src package.json package-lock.json Directory.*.props global.json \
    -path src/Exeunt.App/wwwroot -prune -o -newer "$stamp" -print -quit 2>/dev/null)" ] &&
    [ -z "$(find "$root/src/Exeunt.App/wwwroot" -path '*/lib' -prune -o -newer "$stamp" -type f -print -quit 2>/dev/null)" ]; then
    return
  fi
  need sdk
  [ ! -e "$root/package.json" ] || need node
  say "Building Exeunt (some minutes the first time) …"
  mkdir -p "$root/artifacts"
  log=$root/artifacts/build.log
  # One build at a time, and one started meanwhile waits for it.
  exec 9>"$root/artifacts/.building"
  ! have flock || flock 9
  rm -rf "$root/artifacts/run"
  touch "$root/artifacts/.started"
  # The models of the databases are made now and not at each start, and the code is compiled ahead of time: a start takes a third of the time. Where either
  # cannot be had (a platform without the compiler's package), the product is built without it.
  local models=$root/artifacts/models code=0
  "$root/tools/compiled-models" "$models" >"$log" 2>&1 || code=$?
  [ $code -ne 2 ] || { cp "$log" "$root/artifacts/models.log"; say "The models could not be compiled (artifacts/models.log says why): starts will be slower."; models=; }
  if { [ $code -ne 0 ] && [ $code -ne 2 ]; } ||
    { ! publish_ahead -p:CompiledModels="$models" >"$log" 2>&1 && ! publish_ahead >"$log" 2>&1 && ! publish >"$log" 2>&1; }; then
    grep -E 'error|warn' "$log" | sort -u | head -20 >&2
    fail "The build failed; the whole log is in artifacts/build.log."
  fi
  mv "$root/artifacts/.started" "$stamp"
  exec 9>&-
}

publish() {
  # What analyzers have to say is for those who change the code (./test builds with them).
  (cd "$root" && dotnet publish src/Exeunt.App -c Release -o artifacts/run --artifacts-path artifacts/run-build -v q -p:RunAnalyzers=false "$@")
}

# publish_ahead: the same for this platform, with code compiled ahead of time.
publish_ahead() {
  publish -r "linux-$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')" --self-contained false -p:PublishReadyToRun=true "$@"
}

# become_exeunt ARGS... : becomes the product, so that Ctrl-C and SIGTERM reach it.
become_exeunt() {
  # Tier-0 code is replaced in the background; no profile is collected before that, which starts faster.
  export DOTNET_TieredPGO=0 DOTNET_TC_QuickJitForLoops=1
  exec dotnet "$root/artifacts/run/Exeunt.App.dll" "$@"
}

# start_postgres: a private server in a folder and on a port of its own, stopped by stop_postgres. Sets EXEUNT_TEST_POSTGRES.
start_postgres() {
  local bin port secret tries
  bin=$(postgres_bin)
  postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/exeunt-postgres-XXXXXX")
  postgres_as=()
  if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL refuses to run as root.
    chown postgres "$postgres_folder"
    postgres_as=(runuser -u postgres --)
  fi
  secret=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && printf '%s\n' "$secret" | "${postgres_as[@]}" tee "$postgres_folder/secret" >/dev/null)
  "${postgres_as[@]}" "$bin/initdb" -D "$postgres_folder/data" -U exeunt -A scram-sha-256 --pwfile="$postgres_folder/secret" \
    -E UTF8 --locale=C.UTF-8 --no-sync >"$postgres_folder.log" 2>&1 || { cat "$postgres_folder.log" >&2; fail "initdb failed."; }
  for tries in 1 2 3 4 5 6 7 8; do
    port=$((15432 + RANDOM % 10000))
    # The data is thrown away afterwards: nothing is forced to disk.
    if "${postgres_as[@]}" "$bin/pg_ctl" -D "$postgres_folder/data" -w -t 60 -l "$postgres_folder/log" -o "-p $port -c listen_addresses=127.0.0.1 \
      -c unix_socket_directories=$postgres_folder -c max_connections=300 -c shared_buffers=256MB -c fsync=off -c synchronous_commit=off \
      -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off" start >/dev/null 2>&1; then
      export EXEUNT_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=exeunt;Password=$secret;Database=postgres"
      return
    fi
  done
  tail -20 "$postgres_folder/log" >&2
  fail "The tests' PostgreSQL server did not start."
}

stop_postgres() {
  [ -n "${postgres_folder:-}" ] || return 0
  "${postgres_as[@]}" "$(postgres_bin)/pg_ctl" -D "$postgres_folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$postgres_folder" "$postgres_folder.log"
  postgres_folder=
}
