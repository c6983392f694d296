internal import ArgumentParser
internal import Configuration
internal import Foundation
internal import Logging
internal import OneStop
internal import SystemPackage

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
    /// Which of SQLite's file layers the store uses; nil is the default one. Tests put a failing disk here; no option sets it.
    var fileLayer: String?
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

    /// - Throws: `StartProblem` that names the setting and what to write.
    init(options: ServerOptions, directory: DataDirectory) async throws(StartProblem) {
        let reader: ConfigReader = try await ServerSettings.reader(options.values, directory)
        func text(_ name: String) -> String? { reader.string(forKey: ConfigKey([name])) }
        self.init()
        host = text("host") ?? ServerSettings.standardHost
        port = try ServerSettings.portNumber(text("port"), "port") ?? ServerSettings.standardPort
        metricsPort = try ServerSettings.portNumber(text("metrics-port"), "metrics-port")
        dataFiles = text("data-files")
        demo = try ServerSettings.flag(text("demo"), "demo")
        auditOrigin = text("audit-origin") ?? ServerSettings.standardOrigin
        connectorAddresses =
            try text("connector-addresses").map(ServerSettings.addresses)
            ?? (demo ? ServerSettings.thisMachine : [])
        rootCode = text("root-code") ?? rootCode
        rootName = text("root-name") ?? rootName
        let level: String = text("log-level") ?? "info"
        guard let logLevel = Logger.Level(rawValue: level) else {
            throw StartProblem(
                what: "the log level \(level) is not known",
                todo: "Use trace, debug, info, notice, warning, error or critical.", exitCode: 64)
        }
        self.logLevel = logLevel
    }

    /// The audit log's name, for commands that look at a directory beside its server.
    static func auditOrigin(in directory: DataDirectory) async throws(StartProblem) -> String {
        try await reader([:], directory).string(forKey: "audit-origin") ?? standardOrigin
    }

    /// `LINLI_METRICS_PORT` for `metrics-port`; nil if it is not set or empty.
    static func environment(_ name: String) -> String? {
        ConfigReader(provider: environment).string(forKey: ConfigKey([name]))
    }

    /// The variables that begin with `LINLI_`. An empty one counts as not set: that is how a unit file takes one back.
    private static var environment: EnvironmentVariablesProvider {
        let ours: [(String, String)] = ProcessInfo.processInfo.environment.compactMap { name, value in
            guard name.hasPrefix("LINLI_"), !value.isEmpty else { return nil }
            return (String(name.dropFirst("LINLI_".count)), value)
        }
        return EnvironmentVariablesProvider(environmentVariables: Dictionary(uniqueKeysWithValues: ours))
    }

    /// Flags before environment before file.
    private static func reader(_ flags: [String: String], _ directory: DataDirectory)
        async throws(StartProblem) -> ConfigReader
    {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in flags { values[[name]] = ConfigValue(.string(value), isSecret: false) }
        do {
            return ConfigReader(providers: [
                InMemoryProvider(name: "flags", values: values), environment,
                try await FileProvider<YAMLSnapshot>(
                    filePath: FilePath(directory.settingsPath), allowMissing: true),
            ])
        } catch {
            throw StartProblem(
                what: "\(directory.settingsPath) cannot be read: \(error)",
                todo: "Write one `name: value` a line, or take the file away.")
        }
    }

    private static func portNumber(_ text: String?, _ name: String) throws(StartProblem) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), (0...65_535).contains(number) else {
            throw StartProblem(
                what: "\(name) is \(text), not a number between 0 and 65535", todo: "Correct it.",
                exitCode: 64)
        }
        return number
    }

    private static func flag(_ text: String?, _ name: String) throws(StartProblem) -> Bool {
        switch text {
        case nil, "false": return false
        case "true": return true
        default:
            throw StartProblem(
                what: "\(name) is \(text ?? "")", todo: "Write true or false.", exitCode: 64)
        }
    }
}

extension ServerOptions {
    /// What was said on the command line, by the names of the settings.
    fileprivate var values: [String: String] {
        var values: [String: String] = [:]
        values["host"] = host
        values["port"] = port.map { String($0) }
        values["metrics-port"] = metricsPort.map { String($0) }
        values["log-level"] = logLevel
        values["data-files"] = dataFiles
        if demo { values["demo"] = "true" }
        return values
    }
}
