import ArgumentParser
import Client
import Contract
import Foundation
import Kernel
import RPC

/// Options that every command takes; a flag means the same everywhere.
struct ConsoleOptions: ParsableArguments {
    @Option(help: "服务器 主机:端口。Server, host:port.") var server: String?
    @Option(help: "根证书文件（PEM）。Root certificate.", completion: .file()) var rootCertificate: String?
    @Option(help: "本机服务器的数据目录。Data directory of a server on this machine.", completion: .directory)
    var dataDirectory: String?
    @Option(name: .customLong("as"), help: "用哪个账号的登录。Whose session, by account.") var account: String?
    @Option(help: "语言 zh 或 en。Language.") var lang: String?
    @Option(name: .shortAndLong, help: "table、json、csv。Format of the output.") var output: OutputFormat =
        .table
    @Option(help: "最多等几秒，1 到 600。Seconds to wait at most.") var timeout: Int = 20
    @Flag(help: "只看会发什么，不发。Show what would be sent, send nothing.") var dryRun: Bool = false
    @Flag(help: "从不提问。Never ask.") var noInput: Bool = false

    func validate() throws {
        guard (1...600).contains(timeout) else {
            throw ValidationError("--timeout 请写 1 到 600。Write 1 to 600.")
        }
    }

    private var environment: [String: String] {
        var environment: [String: String] = ProcessInfo.processInfo.environment
        if let dataDirectory { environment["LINLI_DATA_DIRECTORY"] = dataDirectory }
        return environment
    }

    /// Opens the connection's settings and the kept session. No byte is sent before the first call.
    func open() throws -> Console {
        let chosen: String =
            account ?? environment["LINLI_AS"] ?? Console.lastAccount(environment) ?? "default"
        do {
            let configuration: ClientConfiguration = try ClientConfiguration(
                flags: .init(server: server, rootCertificate: rootCertificate, language: lang),
                environment: environment, sessionName: "linlictl/\(chosen)")
            return Console(
                session: try ClientSession(configuration: configuration), options: self,
                format: output, environment: environment)
        } catch let problem as ClientConfiguration.Problem {
            throw failure(problem.zh, problem.en, .usage)
        } catch let problem as PrivateFile.Problem {
            throw failure(problem.zh, problem.en, .failed)
        }
    }

    /// Runs a command with an open connection; a failed call becomes words for people and an exit code for scripts.
    func withConsole(_ body: (Console) async throws -> Void) async throws {
        let console: Console = try open()
        try await console.reporting { try await body(console) }
    }

    func requestID() -> String { Environment.system().newID().description }

    private func failure(_ zh: String, _ en: String, _ code: Failure.ExitCode) -> Failure {
        let english: Bool = (lang ?? environment["LINLI_LANG"] ?? "zh").hasPrefix("en")
        return Failure(exitCode: code, zh: zh, en: en, language: english ? .english : .chinese)
    }

    /// `--data-directory` for the server's own program; nothing if none was named.
    func dataDirectoryArguments() throws -> [String] { ["--data-directory", try requiredDataDirectory()] }

    func requiredDataDirectory() throws -> String {
        if let directory: String = environment["LINLI_DATA_DIRECTORY"], !directory.isEmpty {
            return directory
        }
        throw ValidationError("请写 --data-directory 数据目录。Name the data directory with --data-directory.")
    }
}

/// Pages of a list.
struct PageOptions: ParsableArguments {
    @Option(help: "最多看多少条，1 到 10000。At most so many rows.") var limit: Int = 50

    /// Rows of one request.
    static let pageRows: Int32 = 100

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit 请写 1 到 10000。Write 1 to 10000.")
        }
    }

    /// Asks page after page until there are enough rows.
    func collect<Row>(_ next: (Int32, String) async throws -> ([Row], String)) async throws -> [Row] {
        var rows: [Row] = []
        var token: String = ""
        repeat {
            let wanted: Int32 = min(PageOptions.pageRows, Int32(limit - rows.count))
            let (page, following): ([Row], String) = try await next(wanted, token)
            rows += page
            token = following
        } while !token.isEmpty && rows.count < limit
        return rows
    }

    /// Asks for all rows.
    static func everything<Row>(_ next: (Int32, String) async throws -> ([Row], String)) async throws -> [Row]
    {
        var rows: [Row] = []
        var token: String = ""
        repeat {
            let (page, following): ([Row], String) = try await next(pageRows, token)
            rows += page
            token = following
        } while !token.isEmpty
        return rows
    }
}

/// A connection, the clients of all services, and where results go.
final class Console: Sendable {
    let session: ClientSession
    let printer: Printer
    private let options: ConsoleOptions
    private let environment: [String: String]

    init(session: ClientSession, options: ConsoleOptions, format: OutputFormat, environment: [String: String])
    {
        self.session = session
        self.options = options
        self.environment = environment
        printer = Printer(format: format, language: session.language)
    }

    /// Options of an ordinary call.
    var call: CallOptions { session.options(timeout: .seconds(options.timeout)) }
    /// Options of a call that may take long: a watch, a backup.
    var endlessCall: CallOptions { session.options(timeout: .seconds(3_600)) }
    func newRequestID() -> String { session.newRequestID() }

    var identity: PlatformV1.IdentityServiceClient { .init(channel: session.channel) }
    var organizations: PlatformV1.OrganizationServiceClient { .init(channel: session.channel) }
    var staff: PlatformV1.StaffServiceClient { .init(channel: session.channel) }
    var residents: PlatformV1.ResidentServiceClient { .init(channel: session.channel) }
    var inbox: PlatformV1.InboxServiceClient { .init(channel: session.channel) }
    var calendar: PlatformV1.CalendarServiceClient { .init(channel: session.channel) }
    var configuration: PlatformV1.ConfigurationServiceClient { .init(channel: session.channel) }
    var audit: PlatformV1.AuditServiceClient { .init(channel: session.channel) }
    var backups: PlatformV1.BackupServiceClient { .init(channel: session.channel) }
    var pki: PlatformV1.PkiServiceClient { .init(channel: session.channel) }
    var kiosks: PlatformV1.KioskServiceClient { .init(channel: session.channel) }
    var files: PlatformV1.FileServiceClient { .init(channel: session.channel) }
    var cases: GrassrootsWorkV1.CaseServiceClient { .init(channel: session.channel) }
    var items: OneStopV1.ItemServiceClient { .init(channel: session.channel) }
    var itemCatalogue: OneStopV1.CatalogueServiceClient { .init(channel: session.channel) }
    var appointments: OneStopV1.AppointmentServiceClient { .init(channel: session.channel) }
    var queue: OneStopV1.QueueServiceClient { .init(channel: session.channel) }
    var ratings: OneStopV1.RatingServiceClient { .init(channel: session.channel) }
    var applications: OneStopV1.ApplicationServiceClient { .init(channel: session.channel) }
    var mandates: OneStopV1.MandateServiceClient { .init(channel: session.channel) }
    var queries: OneStopV1.QueryServiceClient { .init(channel: session.channel) }
    var bundles: OneStopV1.BundleServiceClient { .init(channel: session.channel) }
    var certificates: OneStopV1.CertificateServiceClient { .init(channel: session.channel) }
    var points: CommunityLifeV1.PointsServiceClient { .init(channel: session.channel) }

    var isDryRun: Bool { options.dryRun }

    /// With `--dry-run` shows the request and answers false.
    func confirmSending<Request>(_ request: Request) throws -> Bool {
        guard options.dryRun else { return true }
        printer.say("（试运行，没有发送）", "(dry run, nothing was sent)")
        for line: String in RequestText.lines(of: request) { print(line) }
        return false
    }

    /// A severe act needs the name once more.
    func requireConfirmation(of name: String, given: String) throws {
        guard given == name else {
            throw ValidationError("这一步影响大。确定的话请加 --confirm \(name)。To confirm, add --confirm \(name).")
        }
    }

    /// Uploads photos and answers their names; with `--dry-run` nothing leaves this machine.
    func upload(photos paths: [String]) async throws -> [String] {
        var names: [String] = []
        for path: String in paths {
            names.append(
                options.dryRun ? path : try await session.uploadPhoto(path, requestID: newRequestID()))
        }
        return names
    }

    /// Uploads a photo or document and answers its name.
    func upload(file path: String) async throws -> String {
        options.dryRun ? path : try await session.uploadFile(path, requestID: newRequestID())
    }

    /// Waits before a watch connects again; gives up on errors that waiting does not mend.
    func waitBeforeReconnecting(after error: any Error, failures: Int) async throws {
        guard let status = error as? RPCError,
            [.unavailable, .deadlineExceeded, .cancelled].contains(status.code)
        else { throw error }
        printer.say("连接断了，正在重连……", "The connection was lost; connecting again …")
        await session.waitUntilReachable()
    }

    /// Turns what a call throws into a `Failure`.
    func reporting<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as RPCError {
            throw Failure(error, language: printer.language)
        } catch let problem as PrivateFile.Problem {
            throw Failure(exitCode: .failed, zh: problem.zh, en: problem.en, language: printer.language)
        }
    }

    // MARK: Which account was last signed in

    private static func stateFile(_ environment: [String: String]) -> String {
        let home: String = environment["HOME"] ?? "/"
        let state: String = environment["XDG_STATE_HOME"] ?? home + "/.local/state"
        return state + "/linli/linlictl/last-account"
    }

    static func lastAccount(_ environment: [String: String]) -> String? {
        guard let data: Data = FileManager.default.contents(atPath: stateFile(environment)), data.count <= 64
        else {
            return nil
        }
        let account: String = String(decoding: data, as: UTF8.self).trimmed()
        return account.isEmpty ? nil : account
    }

    /// Later commands without `--as` use this account.
    func rememberAccount(_ account: String) throws {
        try PrivateFile(path: Console.stateFile(environment)).write(Array(account.utf8))
    }
}
