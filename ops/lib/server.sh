# Starting and stopping a linlid of this checkout. Sourced, never run.
# shellcheck shell=bash

data_directory=${LINLI_DATA_DIRECTORY:-$root/.linli}

# The process id of the server that runs on a data directory, or nothing: the file outlives a power cut, and its number may
# by then be another program's.
server_process() {
    local process
    process=$(cat "$1/linlid.pid" 2>/dev/null) || return 0
    if [ -n "$process" ] && [ "$(cat "/proc/$process/comm" 2>/dev/null)" = linlid ]; then printf '%s' "$process"; fi
}

# start_server DIRECTORY PORT: does nothing when it runs already; waits until it is ready.
start_server() {
    local directory=$1 port=$2 process
    process=$(server_process "$directory")
    if [ -n "$process" ]; then
        say "服务器已在运行（进程 $process）。The server is running already (process $process)."
        return
    fi
    mkdir -p "$directory"
    chmod 700 "$directory"
    rm -f "$directory/linlid.json"
    step "启动服务器 Starting the server（数据在 $directory / data in there）"
    # Made here, so that the loop below never reads it before the server's shell has.
    : >"$directory/linlid.out"
    local metrics=9464
    [ "$port" = 0 ] && metrics=0
    setsid "$(bin_path)/linlid" serve --demo --data-files "$root/ops/data" --data-directory "$directory" --port "$port" --metrics-port "$metrics" \
        </dev/null >"$directory/linlid.out" 2>"$directory/linlid.log" &
    process=$!
    echo "$process" >"$directory/linlid.pid"
    local shown=0 lines
    while [ ! -e "$directory/linlid.json" ]; do
        lines=$(wc -l <"$directory/linlid.out")
        if [ "$lines" -gt "$shown" ]; then
            sed -n "$((shown + 1)),${lines}p" "$directory/linlid.out" >&2
            shown=$lines
        fi
        kill -0 "$process" 2>/dev/null || fail "服务器没有启动。The server did not start." \
            "$(tail -n 3 "$directory/linlid.out" "$directory/linlid.log" 2>/dev/null)"
        sleep 0.2
    done
    sed -n "$((shown + 1)),\$p" "$directory/linlid.out" >&2
}

# stop_server DIRECTORY [quietly]: ends it gracefully, and waits for it.
stop_server() {
    local directory=$1 process
    process=$(server_process "$directory")
    if [ -z "$process" ]; then
        [ "${2:-}" = quietly ] || say "服务器没有在运行。The server is not running."
        return 0
    fi
    kill -TERM "$process"
    local waited=0
    while kill -0 "$process" 2>/dev/null; do
        sleep 0.1
        waited=$((waited + 1))
        [ $waited -lt 300 ] || { kill -KILL "$process" 2>/dev/null; break; }
    done
    rm -f "$directory/linlid.pid"
    [ "${2:-}" = quietly ] || say "已停止。数据保留在 $directory。Stopped; the data stay in $directory."
}

how_to_sign_in() {
    cat >&2 <<TEXT

工作人员登录 Staff sign in （演示账号在 $data_directory/demo，文件名就是账号）:
  ops/run admin session sign-in --credentials $data_directory/demo/dispatcher.credentials
TEXT
}

# how_to_use_the_kiosk DIRECTORY-OF-THE-DEMONSTRATION
how_to_use_the_kiosk() {
    cat >&2 <<TEXT

在另一个终端里 In another terminal:
  cp $1/cards/10010000001 $1/kiosk/card
      放上一位演示居民的身份证 put the ID card of a resident of the demonstration on the reader
  rm $1/kiosk/card
      取走身份证 take it away
  cp 文件.jpg $1/kiosk/scans/
      扫描一份材料 scan a document
  tail -n 1 $data_directory/outbox-sms.jsonl
      看验证码 read a one-time code (10010000001, 10010000002)
打印的东西在 What is printed goes to: $1/kiosk/printed
F10 结束一次办理 ends a session；Ctrl-C 关掉自助终端 closes the kiosk
TEXT
}

how_to_go_on() {
    cat >&2 <<TEXT

── 服务器在运行 The server is running
  ops/run chatbot     居民聊天程序 the residents' chatbot
  ops/run kiosk       自助终端 the self-service kiosk
  ops/run admin       管理命令行 the admin command line
  ops/run stop        停止 stop it

演示居民收到的验证码在 Codes sent to demo residents are in:
  $data_directory/outbox-sms.jsonl
TEXT
}
