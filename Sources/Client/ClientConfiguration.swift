internal import Foundation
package import Kernel

/// Where a front end connects and in which language, put together from flags, environment and the user's file, in that
/// order of precedence.
package struct ClientConfiguration: Sendable, Equatable {
    /// What the command line said; nil where it said nothing.
    package struct Flags: Sendable, Equatable {
        package var server: String?
        package var rootCertificate: String?
        package var language: String?
        package var sessionFile: String?

        package init(
            server: String? = nil, rootCertificate: String? = nil, language: String? = nil,
            sessionFile: String? = nil
        ) {
            self.server = server
            self.rootCertificate = rootCertificate
            self.language = language
            self.sessionFile = sessionFile
        }
    }

    /// A setting that cannot be used. `text` says which, where it came from and what to write instead.
    package struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        package var zh: String
        package var en: String
        package var description: String { "\(zh)\n\(en)" }
    }

    package var host: String
    package var port: Int
    /// A PEM file with the root that signed the server's certificate; nil for the operating system's roots.
    package var rootCertificate: String?
    package var language: Language
    /// Where the session is kept; readable by its owner only.
    package var sessionFile: String

    /// The port of a server on this machine that was started without settings.
    package static let defaultPort: Int = 7443
    /// A user's file longer than this is not read.
    static let maximumFileBytes: Int = 64 * 1_024

    /// The server as `host:port`.
    package var server: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Puts the settings together.
    ///
    /// Variables: `LINLI_SERVER`, `LINLI_ROOT_CERTIFICATE`, `LINLI_LANG`, `LINLI_SESSION_FILE`, and
    /// `LINLI_DATA_DIRECTORY`, which names the data directory of a server on this machine: the server says in it where it
    /// listens and which root to trust, which stands in for the first two. The user's file is
    /// `linli/config` below `XDG_CONFIG_HOME` (`~/.config`), with lines such as `server = localhost:7443`. The session
    /// goes to `linli/SESSIONNAME` below `XDG_STATE_HOME` (`~/.local/state`).
    package init(flags: Flags, environment: [String: String], sessionName: String) throws(Problem) {
        let home = environment["HOME"] ?? "/"
        let configHome = Self.directory(environment["XDG_CONFIG_HOME"], else: home + "/.config")
        let stateHome = Self.directory(environment["XDG_STATE_HOME"], else: home + "/.local/state")
        var file = try Self.settings(in: configHome + "/linli/config")
        if let directory = environment["LINLI_DATA_DIRECTORY"], !directory.isEmpty {
            file.merge(try Self.localServer(in: directory)) { _, local in local }
        }
        let value = { (flag: String?, variable: String, key: String) -> String? in
            [flag, environment[variable], file[key]].compactMap(\.self).first { !$0.isEmpty }
        }
        let server = value(flags.server, "LINLI_SERVER", "server") ?? "localhost:\(Self.defaultPort)"
        (host, port) = try Self.address(server)
        rootCertificate = value(flags.rootCertificate, "LINLI_ROOT_CERTIFICATE", "root_certificate")
        language = try Self.language(value(flags.language, "LINLI_LANG", "lang") ?? "zh")
        sessionFile =
            value(flags.sessionFile, "LINLI_SESSION_FILE", "session_file") ?? stateHome
            + "/linli/\(sessionName)"
        if let path = rootCertificate, !FileManager.default.isReadableFile(atPath: path) {
            throw Problem(
                zh: "读不到根证书文件 \(path)。请检查 --root-certificate 或 LINLI_ROOT_CERTIFICATE。",
                en:
                    "The root certificate \(path) cannot be read. Check --root-certificate or LINLI_ROOT_CERTIFICATE."
            )
        }
    }

    /// What `linlid` writes into its data directory when it is ready.
    private struct LocalServer: Decodable {
        var host: String
        var port: String
        var rootCertificate: String
    }

    private static func localServer(in directory: String) throws(Problem) -> [String: String] {
        let path = directory + "/linlid.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Problem(
                zh: "在 \(directory) 里没有正在运行的服务器。请先启动：ops/run",
                en: "No server is running on \(directory). Start one: ops/run")
        }
        do {
            let server = try JSONDecoder().decode(LocalServer.self, from: data)
            // A server that listens everywhere, or on the loopback, is reached by the name in its certificate.
            let isLocal = ["0.0.0.0", "::", "127.0.0.1", "::1", ""].contains(server.host)
            return [
                "server": "\(isLocal ? "localhost" : server.host):\(server.port)",
                "root_certificate": server.rootCertificate,
            ]
        } catch {
            throw Problem(zh: "\(path) 读不懂，请重新启动服务器。", en: "\(path) is damaged. Start the server again.")
        }
    }

    /// The XDG specification: a relative path is as good as none.
    private static func directory(_ value: String?, else standard: String) -> String {
        guard let value, value.hasPrefix("/") else { return standard }
        return value
    }

    static func language(_ text: String) throws(Problem) -> Language {
        switch text.lowercased().prefix(2) {
        case "zh": return .chinese
        case "en": return .english
        default:
            throw Problem(zh: "语言只能是 zh 或 en，不是“\(text)”。", en: "The language is zh or en, not “\(text)”.")
        }
    }

    /// `host`, `host:port` or `[address]:port`.
    static func address(_ text: String) throws(Problem) -> (host: String, port: Int) {
        let problem = Problem(
            zh: "服务器地址“\(text)”不对，要写成 主机:端口，比如 localhost:\(defaultPort)。",
            en: "The server “\(text)” is not an address like localhost:\(defaultPort).")
        guard !text.contains(where: { $0.isWhitespace || $0 == "/" }) else { throw problem }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            guard !host.isEmpty else { throw problem }
            if rest.isEmpty { return (host, defaultPort) }
            guard rest.hasPrefix(":"), let port = Int(rest.dropFirst()), (1...65_535).contains(port) else {
                throw problem
            }
            return (host, port)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { throw problem }
        guard parts.count == 2 else { return (String(host), defaultPort) }
        guard let port = Int(parts[1]), (1...65_535).contains(port) else { throw problem }
        return (String(host), port)
    }

    /// `key = value` lines; `#` begins a comment. A file that does not exist has no settings.
    static func settings(in path: String) throws(Problem) -> [String: String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [:] }
        guard data.count <= maximumFileBytes else {
            throw Problem(zh: "配置文件 \(path) 太大。", en: "The settings file \(path) is too large.")
        }
        var settings: [String: String] = [:]
        for (number, line) in String(decoding: data, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            let text = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            guard !text.isEmpty else { continue }
            let parts = text.split(separator: "=", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard parts.count == 2, knownKeys.contains(parts[0]) else {
                throw Problem(
                    zh: "配置文件 \(path) 第 \(number + 1) 行看不懂：\(text)。可以写 \(knownKeys.joined(separator: "、"))。",
                    en:
                        "Line \(number + 1) of \(path) is not a setting: \(text). Known: \(knownKeys.joined(separator: ", "))."
                )
            }
            settings[parts[0]] = parts[1]
        }
        return settings
    }

    private static let knownKeys = ["server", "root_certificate", "lang", "session_file"]
}
