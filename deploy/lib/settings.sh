# Settings, passwords and keys of the stack. Sourced by ./podium. A person's settings are
# environment variables or lines of .env in the root; what ./podium finds out itself goes to
# deploy/compose/.env, which it writes anew at each `up`.

SETTINGS_FILE=$ROOT/.env
STACK_ENV_FILE=$ROOT/deploy/compose/.env
SECRETS_FOLDER=$ROOT/deploy/compose/secrets
# One password for each user of the NATS server and each role of the database, and the keys that
# sign links and webhooks.
PASSWORDS=(nats_admin nats_gateway nats_scraper nats_codegen nats_executor nats_tracker
  nats_notifier nats_viewer postgres_postgres postgres_tracker postgres_gateway postgres_codegen
  podium_link_key podium_webhook_key)
# Keys that a person may give, as NAME or as NAME_FILE; kept in files, so that no container's
# description shows them. An empty file means that there is none.
KEYS=(KAGGLE_API_TOKEN KAGGLE_KEY KAGGLE_JSON PODIUM_API_KEYS ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN
  OPENAI_API_KEY GEMINI_API_KEY OPENROUTER_API_KEY PODIUM_LOCAL_MODELS_KEY PODIUM_SMTP_PASSWORD
  PODIUM_SMTP_CA PODIUM_WEBHOOK_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN)

# setting NAME DEFAULT: the environment's value, else that of the last such line of .env, else the
# default.
setting() {
  local name=$1 value=${!1:-}
  if [[ -z $value && -f $SETTINGS_FILE ]]; then
    value=$(sed -n "s/^[[:space:]]*\(export[[:space:]]\+\)\?$name=//p" "$SETTINGS_FILE" | tail -n 1)
    case $value in
      \"*) value=${value#\"} value=${value%%\"*} ;;
      \'*) value=${value#\'} value=${value%%\'*} ;;
      *)
        value=${value%%[[:space:]]#*}            # without a comment behind it
        value=${value%"${value##*[![:space:]]}"} # and the blanks at its end
        ;;
    esac
  fi
  printf '%s' "${value:-$2}"
}

# port_setting NAME DEFAULT: a setting that must be a port.
port_setting() {
  local port
  port=$(setting "$1" "$2")
  if ! [[ $port =~ ^[0-9]{1,5}$ ]] || ((10#$port < 1 || 10#$port > 65535)); then
    fail "$1=$port is no port" "set it to a number from 1 to 65535"
  fi
  printf '%s' "$port"
}

# Sets the ports of the stack on 127.0.0.1.
read_ports() {
  HTTP_PORT=$(port_setting PODIUM_HTTP_PORT 8080)
  NATS_PORT=$(port_setting PODIUM_NATS_PORT 4222)
  JAEGER_PORT=$(port_setting PODIUM_JAEGER_PORT 16686)
}

# True when a person asked for traces, by --traces or as a setting.
wants_traces() {
  [[ $(setting PODIUM_TRACES 0) =~ ^(1|true|yes|on)$ ]]
}

# Artifacts are in the volume or in a bucket: no other folder is there in the containers.
check_artifacts() {
  local place
  place=$(setting PODIUM_ARTIFACTS "")
  [[ -z $place || $place == s3://* ]] || fail "PODIUM_ARTIFACTS is '$place'" \
    "leave it out for the volume podium_artifacts, or give s3://BUCKET/PREFIX"
}

# True when the artifacts are in a bucket.
wants_bucket() {
  [[ $(setting PODIUM_ARTIFACTS "") == s3://* ]]
}

# True for `demo --model-standin`: a stand-in plays the language models.
wants_model_standin() {
  [[ ${PODIUM_MODEL_STANDIN:-0} == 1 ]]
}

# Makes the passwords that are missing. The folder can be entered by its owner only; the files in it
# can be read by everybody, because the containers that get them have users of their own.
make_passwords() {
  local name path volume=${PROJECT}_postgres-data
  if [[ ! -e $SECRETS_FOLDER/postgres_postgres ]] \
    && docker volume inspect "$volume" >/dev/null 2>&1; then
    fail "there is a database ($volume), but its passwords are not in deploy/compose/secrets" \
      "bring that folder back, or delete the data too: ./podium down --reset"
  fi
  mkdir -p "$SECRETS_FOLDER"
  chmod 0700 "$SECRETS_FOLDER"
  for name in "${PASSWORDS[@]}"; do
    path=$SECRETS_FOLDER/$name
    if [[ -s $path ]]; then continue; fi
    head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$path.new"
    chmod 0444 "$path.new"
    mv "$path.new" "$path"
  done
}

# note_if_open FILE MODES [SETTING]: a note when others can read the file of a key, which its mode
# tells when it matches MODES; SETTING is what names the file.
note_if_open() {
  if [[ $(stat -Lc %a "$1") =~ $2 ]]; then
    say "note: others on this machine can read ${3:+$3=}$1; chmod 600 $1 closes it"
  fi
}

# kept_by_kaggle_client NAME: the credential that Kaggle's own client would find in this person's
# home; empty when it keeps none, or when a person set any credential for Kaggle.
kept_by_kaggle_client() {
  local given
  for given in KAGGLE_API_TOKEN KAGGLE_USERNAME KAGGLE_KEY KAGGLE_JSON; do
    [[ -z $(setting "$given" "")$(setting "${given}_FILE" "") ]] || return 0
  done
  local file files=()
  case $1 in
    KAGGLE_API_TOKEN)
      files=("${HOME:-}/.kaggle/access_token" "${HOME:-}/.kaggle/access_token.txt")
      ;;
    KAGGLE_JSON)
      files=("${HOME:-}/.kaggle/kaggle.json"
        "${XDG_CONFIG_HOME:-${HOME:-}/.config}/kaggle/kaggle.json")
      if [[ -n ${KAGGLE_CONFIG_DIR:-} ]]; then files=("$KAGGLE_CONFIG_DIR/kaggle.json"); fi
      ;;
  esac
  for file in "${files[@]}"; do
    [[ -r $file && -s $file ]] || continue
    # Half a file is none: nobody asked for it to be read.
    if [[ $1 == KAGGLE_JSON ]] && ! grep -qz '"username".*"key"\|"key".*"username"' "$file"; then
      say "note: $file has no username and key; it is left alone"
      continue
    fi
    note_if_open "$file" '[4-7].$|[4-7]$'
    printf '%s' "$(<"$file")"
    return 0
  done
}

# True when the scraper was given any way to sign in at Kaggle.
has_kaggle_credentials() {
  [[ -s $SECRETS_FOLDER/kaggle_api_token || -s $SECRETS_FOLDER/kaggle_key \
    || -s $SECRETS_FOLDER/kaggle_json ]]
}

# Copies the keys that a person gave to files for the containers. A file is written in place,
# because a running container holds on to the file itself.
write_keys() {
  local name path value file
  for name in "${KEYS[@]}"; do
    path=$SECRETS_FOLDER/${name,,}
    value=$(setting "$name" "")
    file=$(setting "${name}_FILE" "")
    # A cloud account's keys, which many people have in their environment, stay there unless needed.
    if [[ $name == AWS_* ]] && ! wants_bucket; then value="" file=""; fi
    if [[ -z $value && -n $file ]]; then
      [[ -r $file ]] || fail "${name}_FILE=$file cannot be read" "mend the setting"
      # Certificates are no secret.
      [[ $name == PODIUM_SMTP_CA ]] || note_if_open "$file" '[4-7]$' "${name}_FILE"
      value=$(<"$file")
    fi
    # Kaggle's own client takes the path of a file for its token, too.
    if [[ $name == KAGGLE_API_TOKEN && $value == /* ]]; then
      [[ -r $value ]] || fail "KAGGLE_API_TOKEN=$value cannot be read" "mend the setting"
      note_if_open "$value" '[4-7]$' "$name"
      value=$(<"$value")
    fi
    value=${value:-$(kept_by_kaggle_client "$name")}
    # The webhooks' key is made here when nobody gives one.
    if [[ $name == PODIUM_WEBHOOK_KEY && -z $value ]]; then continue; fi
    if [[ ! -e $path || $(<"$path") != "$value" ]]; then
      [[ ! -e $path ]] || chmod 0644 "$path"
      printf '%s' "$value" >"$path"
    fi
    chmod 0444 "$path"
  done
}

# Writes what compose must know besides the settings.
write_stack_env() {
  local traces_endpoint traces_exporter
  traces_endpoint=$(setting OTEL_EXPORTER_OTLP_ENDPOINT "")
  if [[ -z $traces_endpoint ]] && wants_traces; then traces_endpoint=http://jaeger:4318; fi
  traces_exporter=$(setting OTEL_TRACES_EXPORTER "${traces_endpoint:+otlp}")
  local traces_url keys_path= new=$STACK_ENV_FILE.new
  if [[ -s $SECRETS_FOLDER/podium_api_keys ]]; then keys_path=/run/secrets/podium_api_keys; fi
  traces_url=$(setting PODIUM_TRACES_URL "")
  if [[ -z $traces_url ]] && wants_traces; then traces_url=http://127.0.0.1:$JAEGER_PORT; fi
  cat >"$new" <<ENV
# Written by ./podium at each up. Settings of your own belong in .env in the root.
PODIUM_STACK=$PROJECT
PODIUM_RUNTIME_IMAGE=$RUNTIME_IMAGE
PODIUM_SANDBOX_IMAGE=$SANDBOX_IMAGE
PODIUM_NATS_IMAGE=$PODIUM_NATS_IMAGE
PODIUM_POSTGRES_IMAGE=$PODIUM_POSTGRES_IMAGE
PODIUM_JAEGER_IMAGE=${PODIUM_JAEGER_IMAGE:-$OFFICIAL_JAEGER_IMAGE}
PODIUM_DOCKER_SOCKET=$DOCKER_SOCKET
PODIUM_DOCKER_GROUP=$(engine_socket_group)
PODIUM_NATS_CONFIG_HASH=$(nats_config_hash)
PODIUM_API_KEYS_PATH=$keys_path
PODIUM_KEYS_HASH=$(keys_hash)
OTEL_TRACES_EXPORTER=${traces_exporter:-none}
OTEL_EXPORTER_OTLP_ENDPOINT=$traces_endpoint
PODIUM_TRACES_URL=$traces_url
ENV
  mv "$new" "$STACK_ENV_FILE"
}

# Stands for what the NATS server's configuration is made from, so that compose starts the server
# again when that has changed.
nats_config_hash() {
  {
    hash_of schemas/permissions.json cli
    cat "$SECRETS_FOLDER"/nats_*
  } | sha256sum | cut -c1-12
}

# Stands for the keys that a person gave, so that compose starts again who reads them.
keys_hash() {
  local name
  for name in "${KEYS[@]}"; do sha256sum <"$SECRETS_FOLDER/${name,,}"; done | sha256sum | cut -c1-12
}

# busy_port PORT: true when something listens on 127.0.0.1 there.
busy_port() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# check_port PORT SETTING: fails when something other than this stack has the port.
check_port() {
  busy_port "$1" || return 0
  if docker ps --filter "label=com.docker.compose.project=$PROJECT" --format '{{.Ports}}' \
    | grep -q "127\.0\.0\.1:$1->"; then
    return 0
  fi
  fail "port $1 on 127.0.0.1 is in use by another program" \
    "choose another port: $2=$(($1 + 1)) ./podium up, or a line $2=$(($1 + 1)) in .env"
}

# Checks every port that the stack publishes, before anything is started.
check_ports() {
  check_port "$HTTP_PORT" PODIUM_HTTP_PORT
  check_port "$NATS_PORT" PODIUM_NATS_PORT
  if wants_traces; then check_port "$JAEGER_PORT" PODIUM_JAEGER_PORT; fi
}
