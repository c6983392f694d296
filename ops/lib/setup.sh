# Shared by the scripts of ops/: where things are, what must be installed, how to build. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly swift_wanted=6.3

say() { printf '%s\n' "$*" >&2; }
step() { printf '\n── %s\n' "$*" >&2; }
fail() {
    printf '\n✗ %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# Installs what is missing of the named groups of ops/packages.txt; asks for no password unless something is missing.
need_packages() {
    command -v dpkg-query >/dev/null || fail "这台机器不是 Debian。This is not a Debian machine." \
        "请在 Debian 12 上运行，或自行安装 ops/packages.txt 里的软件包。" \
        "Use Debian 12, or install what ops/packages.txt names by your own means."
    local missing=() group name _
    while read -r group name _; do
        case " $* " in *" $group "*) ;; *) continue ;; esac
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done < <(grep -v '^#' "$root/ops/packages.txt")
    [ ${#missing[@]} -eq 0 ] && return
    step "安装软件包 Installing packages: ${missing[*]}"
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "需要管理员权限。Root rights are needed." \
            "请以 root 运行：apt-get install ${missing[*]}" "Run as root: apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    "${sudo[@]}" apt-get update -qq >&2 || fail "软件包列表更新失败。apt-get update failed." \
        "请检查网络和 /etc/apt/sources.list，然后重试。" "Check the network and /etc/apt/sources.list, then try again."
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
        fail "软件包安装失败。apt-get install failed." "上面最后几行写着原因。The last lines above say why."
}

# Says exactly which Swift is missing and how to get it.
need_swift() {
    local found=""
    command -v swift >/dev/null && found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
    if [ -z "$found" ] || [ "$(printf '%s\n%s\n' "$swift_wanted" "$found" | sort -V | head -n 1)" != "$swift_wanted" ]; then
        fail "需要 Swift $swift_wanted 或更新版本；现在是：${found:-没有}。Swift $swift_wanted or newer is needed; found: ${found:-none}." \
            "1. 打开 https://www.swift.org/install/linux/ ，选择 Debian 12，下载 Swift $swift_wanted.1 的压缩包。" \
            "   Open that page, choose Debian 12 and download the archive of Swift $swift_wanted.1." \
            "2. 解开：tar xzf swift-*.tar.gz -C /opt --strip-components=1   (Unpack it.)" \
            "3. 加入路径：export PATH=/opt/usr/bin:\$PATH   (Put it on the path.)" \
            "4. 再运行一次本命令。Run this command again."
    fi
}

# build PRODUCT…: builds what is named; quiet when nothing changed, a progress line while it works.
build() {
    step "编译 Building: $* （第一次要几分钟 / the first time takes minutes）"
    local product
    for product in "$@"; do
        (cd "$root" && swift build --product "$product" >&2) || fail "编译失败：$product。The build of $product failed." \
            "上面写着第一处错误。The first error stands above."
    done
}
bin_path() { (cd "$root" && swift build --show-bin-path); }

# make_certificate FOLDER: a self-signed certificate for localhost and 127.0.0.1, for tests and measurements only.
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$1/key.pem" -out "$1/certificate.pem" 2>/dev/null
    chmod 600 "$1/key.pem"
}
