import Contract
import Crypto
import Foundation
import Kernel
import Logging
import Platform
import RPC
import Synchronization
import Testing

@testable import linlid

/// A real server on a free port with a data directory of its own, and clients that talk TLS to it.
final class TestServer: Sendable {
    let server: LinliServer
    let path: String
    let clock: ManualClock
    let channel: RPCChannel

    private init(server: LinliServer, path: String, clock: ManualClock) throws {
        self.server = server
        self.path = path
        self.clock = clock
        channel = try TestServer.channel(server)
    }

    /// Starts a server, hands it to `body`, stops it, and removes its data.
    static func run(_ body: (TestServer) async throws -> Void) async throws {
        let path: String = FileManager.default.temporaryDirectory
            .appending(path: "linli-server-\(SecureRandom.token(bytes: 9))").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await run(at: path, body)
    }

    /// Starts a server on a data directory that may be there already, hands it to `body`, and stops it.
    ///
    /// - Parameters:
    ///   - fileLayer: a failing disk for the store.
    ///   - takesSignals: only in a process of the test's own.
    static func run(
        at path: String, fileLayer: String? = nil, takesSignals: Bool = false,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let clock: ManualClock = ManualClock(SystemClock().now())
        var settings: ServerSettings = ServerSettings(demo: true)
        settings.dataFiles = nil
        settings.fileLayer = fileLayer
        var logger: Logger = Logger(label: "test")
        logger.logLevel = .critical
        let directory: DataDirectory = try DataDirectory.open(path)
        let server: LinliServer = try await LinliServer.start(
            settings, in: directory, environment: Environment(clock: clock, random: SystemRandom()),
            metrics: nil, logger: logger, takesSignals: takesSignals)
        let test: TestServer = try TestServer(server: server, path: path, clock: clock)
        do {
            try await body(test)
        } catch {
            await test.stop()
            throw error
        }
        await test.stop()
    }

    private func stop() async {
        channel.close()
        await server.stop()
    }

    static func channel(_ server: LinliServer, certificate: CertificateFiles? = nil) throws -> RPCChannel {
        try RPCChannel(
            configuration: ChannelConfiguration(
                host: "localhost", port: server.port,
                tls: ClientTLS(roots: .file(server.rootCertificatePath), certificate: certificate)))
    }

    var identity: PlatformV1.IdentityServiceClient { PlatformV1.IdentityServiceClient(channel: channel) }
    var staff: PlatformV1.StaffServiceClient { PlatformV1.StaffServiceClient(channel: channel) }

    /// The newest code that was sent to a phone, waiting for it to arrive.
    func code(for phone: String, count: Int = 1) async throws -> String {
        while true {
            let lines: [Substring] = try String(contentsOfFile: path + "/outbox-sms.jsonl", encoding: .utf8)
                .split(separator: "\n").filter { $0.contains(phone) }
            if lines.count >= count, let line = lines.last, let match = line.firstMatch(of: /验证码是([0-9]{6})/)
            {
                return String(match.1)
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Asks for a code and reads it.
    func newCode(_ phone: String, _ purpose: PlatformV1.CodePurpose, count: Int = 1) async throws -> String {
        _ = try await identity.sendCode(PlatformV1.SendCodeRequest(phone: phone, purpose: purpose))
        return try await code(for: phone, count: count)
    }

    func register(_ phone: String, name: String = "张晓明", password: String = "correct horse") async throws
        -> PlatformV1.Session
    {
        let code: String = try await newCode(phone, .register)
        return try await identity.registerResident(
            PlatformV1.RegisterResidentRequest(
                phone: phone, code: code, fullName: name, password: password, requestID: newRequestID()))
    }

    /// The first operator's password and authenticator.
    func firstOperator() throws -> (password: String, totp: TOTP) {
        let text: String = try String(contentsOfFile: path + "/operator-first-sign-in.txt", encoding: .utf8)
        let password = try #require(text.firstMatch(of: /password: (\S+)/))
        let uri = try #require(text.firstMatch(of: /totp: +(\S+)/))
        return (String(password.1), try TestServer.totp(String(uri.1)))
    }

    static func totp(_ uri: String) throws -> TOTP {
        let secret = try #require(uri.firstMatch(of: /secret=([A-Z2-7]+)/))
        return try TOTP(secret: #require(Base32.decode(secret.1)))
    }

    func signIn(_ account: String, _ password: String, _ totp: TOTP) async throws -> PlatformV1.Session {
        clock.advance(seconds: TOTP.stepSeconds)
        return try await identity.signInStaff(
            PlatformV1.SignInStaffRequest(
                account: account, password: password, totp: totp.code(step: TOTP.step(at: clock.now()))))
    }

    func signInOperator() async throws -> PlatformV1.Session {
        let (password, totp) = try firstOperator()
        return try await signIn("operator", password, totp)
    }

    /// A new member of staff with roles at the root, signed in.
    func newStaff(_ account: String, roles: [String], by session: PlatformV1.Session) async throws
        -> (session: PlatformV1.Session, staff: PlatformV1.Staff)
    {
        let root: String = "organizations/140500000000"
        let made: PlatformV1.CreateStaffResponse = try await staff.createStaff(
            PlatformV1.CreateStaffRequest(
                staff: PlatformV1.Staff(
                    account: account, fullName: "王芳", post: "三级网格员", organization: root,
                    roles: roles.map { PlatformV1.RoleGrant(role: $0, scope: root) }, synthetic: true),
                requestID: newRequestID()),
            options: session.options)
        let signedIn: PlatformV1.Session = try await signIn(
            account, made.password, TestServer.totp(made.totpUri))
        return (signedIn, try #require(made.staff))
    }
}

func newRequestID() -> String { UUID().uuidString.lowercased() }

extension PlatformV1.Session {
    /// Calls with this session.
    var options: CallOptions { CallOptions(metadata: ["authorization": "Bearer \(token)"]) }
}

extension RPCError {
    /// The reason of the ErrorInfo; empty without one.
    var reason: String {
        guard let status = try? GoogleRPC.Status(wire: details) else { return "" }
        for detail in status.details where detail.typeUrl.hasSuffix("google.rpc.ErrorInfo") {
            return (try? GoogleRPC.ErrorInfo(wire: detail.value))?.reason ?? ""
        }
        return ""
    }

    /// Seconds of the RetryInfo; nil without one.
    var retrySeconds: Int64? {
        guard let status = try? GoogleRPC.Status(wire: details) else { return nil }
        for detail in status.details where detail.typeUrl.hasSuffix("google.rpc.RetryInfo") {
            return (try? GoogleRPC.RetryInfo(wire: detail.value))?.retryDelay?.seconds
        }
        return nil
    }
}

/// The refusal of a call that must be refused.
func refusal<T>(_ call: () async throws -> T) async throws -> RPCError {
    do {
        _ = try await call()
    } catch let error as RPCError {
        return error
    }
    Issue.record("the call was not refused")
    throw CancellationError()
}
