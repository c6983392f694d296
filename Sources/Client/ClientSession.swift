package import Contract
internal import Foundation
package import Kernel
package import RPC
internal import Synchronization

/// One front end's connection to a server: the channel, the bearer token, and the headers of every call.
///
/// The token is kept in a private file, so that a person stays signed in when the program ends. It is used only with
/// the server that gave it.
package final class ClientSession: Sendable {
    package let configuration: ClientConfiguration
    package let channel: RPCChannel

    /// Where the token is kept; nil for memory alone.
    private let file: PrivateFile?
    private let environment: Environment
    private let state: Mutex<State>

    private struct State {
        var token: String?
        var language: Language
    }

    /// What the private file holds.
    private struct Saved: Codable {
        var server: String
        var token: String
        /// Milliseconds since 1970.
        var expireTime: Int64
    }

    /// Opens the session that was kept, if it is still good. No connection is made before the first call.
    ///
    /// Throws `PrivateFile.Problem` for a session file that others can read, `TLSError` for a root certificate that is
    /// none.
    package init(configuration: ClientConfiguration, environment: Environment = .system()) throws {
        self.configuration = configuration
        self.environment = environment
        let file = PrivateFile(path: configuration.sessionFile)
        self.file = file
        let roots: ClientTLS.Roots = configuration.rootCertificate.map { .file($0) } ?? .system
        var channelConfiguration = ChannelConfiguration(
            host: configuration.host, port: configuration.port, tls: ClientTLS(roots: roots))
        // A person waits in front of the screen: look again soon.
        channelConfiguration.firstBackoff = .milliseconds(500)
        channelConfiguration.maximumBackoff = .seconds(3)
        channel = try RPCChannel(configuration: channelConfiguration)
        let token = try Self.keptToken(file, server: configuration.server, now: environment.now())
        state = Mutex(State(token: token, language: configuration.language))
    }

    /// A device's connection: it has a certificate, and tokens stay in its memory.
    ///
    /// Throws `TLSError` for files that are no certificate and key.
    package init(
        device certificate: CertificateFiles, configuration: ClientConfiguration,
        environment: Environment = .system()
    ) throws {
        self.configuration = configuration
        self.environment = environment
        file = nil
        let roots: ClientTLS.Roots = configuration.rootCertificate.map { .file($0) } ?? .system
        var channelConfiguration = ChannelConfiguration(
            host: configuration.host, port: configuration.port,
            tls: ClientTLS(roots: roots, certificate: certificate))
        channelConfiguration.firstBackoff = .milliseconds(500)
        channelConfiguration.maximumBackoff = .seconds(3)
        channel = try RPCChannel(configuration: channelConfiguration)
        state = Mutex(State(token: nil, language: configuration.language))
    }

    private static func keptToken(
        _ file: PrivateFile, server: String, now: Instant
    ) throws(PrivateFile.Problem) -> String? {
        guard let bytes = try file.read() else { return nil }
        let saved: Saved
        do { saved = try JSONDecoder().decode(Saved.self, from: Data(bytes)) } catch {
            // A file of another making is no session; it is replaced at the next sign-in.
            return nil
        }
        return saved.server == server && saved.expireTime > now.milliseconds ? saved.token : nil
    }

    /// True if a token is held; the server may still refuse it.
    package var isSignedIn: Bool { state.withLock { $0.token != nil } }

    /// The language that answers are asked for in.
    package var language: Language {
        get { state.withLock { $0.language } }
        set { state.withLock { $0.language = newValue } }
    }

    /// The headers of a call: who speaks, and in which language. UNAVAILABLE is tried again within the time.
    package func options(timeout: Duration = .seconds(15)) -> CallOptions {
        let (token, language) = state.withLock { ($0.token, $0.language) }
        return options(timeout: timeout, token: token, language: language)
    }

    /// The headers of a call that the device makes for itself, whoever is signed in.
    package func deviceOptions(timeout: Duration = .seconds(15)) -> CallOptions {
        options(timeout: timeout, token: nil, language: language)
    }

    private func options(timeout: Duration, token: String?, language: Language) -> CallOptions {
        var metadata = Metadata()
        metadata.add(language.tag, for: "accept-language")
        if let token { metadata.add("Bearer \(token)", for: "authorization") }
        return CallOptions(timeout: timeout, metadata: metadata, retry: .standard)
    }

    /// A fresh request id (AIP-155).
    package func newRequestID() -> String { environment.newID().description }

    // MARK: Signing in and out

    package var identity: PlatformV1.IdentityServiceClient {
        PlatformV1.IdentityServiceClient(channel: channel)
    }

    package func signInResident(phone: String, code: String, password: String) async throws -> PlatformV1.Me {
        let request = PlatformV1.SignInResidentRequest(phone: phone, code: code, password: password)
        return try take(await identity.signInResident(request, options: options()))
    }

    package func registerResident(
        _ request: PlatformV1.RegisterResidentRequest
    ) async throws -> PlatformV1.Me {
        try take(await identity.registerResident(request, options: options()))
    }

    package func signInStaff(account: String, password: String, totp: String) async throws -> PlatformV1.Me {
        let request = PlatformV1.SignInStaffRequest(account: account, password: password, totp: totp)
        return try take(await identity.signInStaff(request, options: options()))
    }

    /// Who is signed in.
    package func me() async throws -> PlatformV1.Me {
        try await identity.getMe(PlatformV1.GetMeRequest(), options: options())
    }

    /// Ends the session. The token is forgotten here even if the server cannot be told.
    package func signOut() async throws {
        let ending = options()
        forget()
        _ = try await identity.signOut(PlatformV1.SignOutRequest(), options: ending)
    }

    /// Drops the token, as after UNAUTHENTICATED.
    package func forget() {
        state.withLock { $0.token = nil }
        file?.remove()
    }

    /// Speaks as whom `session` is about from now on.
    package func take(_ session: PlatformV1.Session) throws -> PlatformV1.Me {
        state.withLock { $0.token = session.token }
        let saved = Saved(
            server: configuration.server, token: session.token,
            expireTime: session.expireTime?.instant?.milliseconds ?? 0)
        try file?.write([UInt8](JSONEncoder().encode(saved)))
        return session.me ?? PlatformV1.Me()
    }

    // MARK: The line

    /// True if the server answers at all.
    package func isReachable() async -> Bool {
        let health = HealthV1.HealthClient(channel: channel)
        do {
            var options = options(timeout: .seconds(3))
            options.retry = .none
            _ = try await health.check(HealthV1.HealthCheckRequest(), options: options)
            return true
        } catch let error as RPCError {
            return error.code != .unavailable && error.code != .deadlineExceeded
        } catch { return false }
    }

    /// Returns once the server answers; asks again after one second, then ever more seldom.
    package func waitUntilReachable() async {
        var pause: Duration = .seconds(1)
        while !Task.isCancelled, !(await isReachable()) {
            do { try await Task.sleep(for: pause) } catch { return }
            pause = min(pause * 2, .seconds(10))
        }
    }
}
