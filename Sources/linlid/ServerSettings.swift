internal import ArgumentParser
internal import Glibc
internal import Logging
internal import OneStop
internal import Yams

/// What can be said on the command line.
struct ServerOptions: ParsableArguments {
    @Option(help: "Where the server keeps everything. Made at the first start.")
    var dataDirectory: String?
    @Option(help: "Address to listen on (default: 127.0.0.1).")
    var host: String?
    @Option(help: "TCP port; 0 takes a free one (default: 7443).")
    var port: Int?
    @Option(help: "Port for Prometheus metrics on 127.0.0.1; 0 takes a free one (default: none).")
    var metricsPort: Int?
    @Option(help: "trace, debug, info, notice, warning, error or critical (default: info).")
    var logLevel: String?
    @Option(help: "Folder with the data files of the product (menus, workflows, calendars …).")
    var dataFiles: String?
    @Flag(help: "Load the demonstration data and let synthetic people in.")
    var demo: Bool = false

    func requiredDataDirectory() throws(StartProblem) -> String {
        let fromEnvironment: String? = ServerSettings.environment("data-directory")
        guard let path = dataDirectory ?? fromEnvironment, !path.isEmpty else {
            throw StartProblem(
                what: "no data directory was given",
                todo: "Say where to keep the data: linlid --data-directory DIR, or set LINLI_DATA_DIRECTORY.",
                exitCode: 64)
        }
        return path
    }
}

/// How the server runs: flags before environment before file before defaults.
struct ServerSettings: Sendable {
    static let standardHost: String = "127.0.0.1"
    static let standardPort: Int = 7_443

    var host: String
    /// 0 takes a free one.
    var port: Int
    /// Nil serves no metrics.
    var metricsPort: Int?
    var logLevel: Logger.Level
    /// Demonstration: synthetic people may register, reflection is open.
    var demo: Bool
    /// Folder with data files; what the store does not have yet is imported from it at the start.
    var dataFiles: String?
    /// Name of the audit log and of its key in signed checkpoints.
    var auditOrigin: String
    /// Where departments' own systems may be connected; without a rule, nowhere.
    var connectorAddresses: [AddressRule]
    /// Code and name of the root of the organisation tree that the first start makes.
    var rootCode: String
    var rootName: String

    init(
        host: String = standardHost, port: Int = 0, metricsPort: Int? = nil, logLevel: Logger.Level = .info,
        demo: Bool = false
    ) {
        self.host = host
        self.port = port
        self.metricsPort = metricsPort
        self.logLevel = logLevel
        self.demo = demo
        auditOrigin = ServerSettings.standardOrigin
        connectorAddresses = demo ? ServerSettings.thisMachine : []
        rootCode = "140500000000"
        rootName = "晋城市"
    }

    private static let standardOrigin: String = "linli.local/audit"
    /// A demonstration's departments run beside the server.
    private static let thisMachine: [AddressRule] = ["127.0.0.1:*", "localhost:*"].compactMap {
        AddressRule($0)
    }

    /// Rules in one line, such as `gjj.example.cn:7443, *.gov.example.cn:443`.
    private static func addresses(_ text: String) throws(StartProblem) -> [AddressRule] {
        var rules: [AddressRule] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let rule: AddressRule = AddressRule(String(part)) else {
                throw StartProblem(
                    what: "connector-addresses has \(part), which is no address rule",
                    todo: "Write host:port; the host may be *.suffix, and the port *.", exitCode: 64)
            }
            rules.append(rule)
        }
        return rules
    }

    init(options: ServerOptions, directory: DataDirectory) throws(StartProblem) {
        let file: [String: String] = try ServerSettings.file(directory.settingsPath)
        func text(_ name: String) -> String? { ServerSettings.environment(name) ?? file[name] }
        self.init()
        host = options.host ?? text("host") ?? ServerSettings.standardHost
        let textPort: Int? = try ServerSettings.portNumber(text("port"), "port")
        let textMetricsPort: Int? = try ServerSettings.portNumber(text("metrics-port"), "metrics-port")
        port = options.port ?? textPort ?? ServerSettings.standardPort
        metricsPort = options.metricsPort ?? textMetricsPort
        dataFiles = options.dataFiles ?? text("data-files")
        demo = options.demo || text("demo") == "true"
        auditOrigin = text("audit-origin") ?? ServerSettings.standardOrigin
        connectorAddresses =
            try text("connector-addresses").map(ServerSettings.addresses)
            ?? (demo ? ServerSettings.thisMachine : [])
        rootCode = text("root-code") ?? rootCode
        rootName = text("root-name") ?? rootName
        let level: String = options.logLevel ?? text("log-level") ?? "info"
        guard let logLevel = Logger.Level(rawValue: level) else {
            throw StartProblem(
                what: "the log level \(level) is not known",
                todo: "Use trace, debug, info, notice, warning, error or critical.", exitCode: 64)
        }
        self.logLevel = logLevel
        guard (0...65_535).contains(port), (0...65_535).contains(metricsPort ?? 0) else {
            throw StartProblem(
                what: "a port is out of range", todo: "Use a port between 0 and 65535.", exitCode: 64)
        }
    }

    /// The audit log's name, for commands that look at a directory beside its server.
    static func auditOrigin(in directory: DataDirectory) throws(StartProblem) -> String {
        let file: [String: String] = try file(directory.settingsPath)
        return environment("audit-origin") ?? file["audit-origin"] ?? standardOrigin
    }

    /// `LINLI_METRICS_PORT` for `metrics-port`; nil if it is not set or empty.
    static func environment(_ name: String) -> String? {
        let variable: String = "LINLI_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
        guard let value = getenv(variable) else { return nil }
        let text: String = String(cString: value)
        return text.isEmpty ? nil : text
    }

    private static func portNumber(_ text: String?, _ name: String) throws(StartProblem) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text) else {
            throw StartProblem(what: "\(name) is \(text), not a number", todo: "Correct it.", exitCode: 64)
        }
        return number
    }

    /// A flat YAML file of names and values; empty if there is none.
    private static func file(_ path: String) throws(StartProblem) -> [String: String] {
        guard access(path, F_OK) == 0 else { return [:] }
        do {
            let text: String = try TextFile.read(path)
            guard let node = try Yams.compose(yaml: text) else { return [:] }
            guard let mapping = node.mapping else {
                throw StartProblem(
                    what: "\(path) is no list of settings", todo: "Write one `name: value` a line.")
            }
            var values: [String: String] = [:]
            for (key, value) in mapping { values[key.string ?? ""] = value.string ?? "" }
            return values
        } catch let problem as StartProblem {
            throw problem
        } catch {
            throw StartProblem(what: "\(path) cannot be read: \(error)", todo: "Correct it or take it away.")
        }
    }
}
