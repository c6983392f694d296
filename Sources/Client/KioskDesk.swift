package import Contract
package import Dialogue
package import Kernel
internal import RPC

/// What a kiosk asks the server besides a resident's conversation: how it is, and who stands in front of it.
package struct KioskDesk: Sendable {
    package let session: ClientSession

    package init(session: ClientSession) {
        self.session = session
    }

    private var kiosks: PlatformV1.KioskServiceClient { .init(channel: session.channel) }
    private var signIns: PlatformV1.KioskSignInServiceClient { .init(channel: session.channel) }
    private var desk: ResidentDesk { ResidentDesk(session: session) }

    /// How long one heartbeat may take: the next one is not far.
    static let heartbeatTimeout: Duration = .seconds(5)
    /// Codes are shown for two minutes.
    static let codeTimeout: Duration = .seconds(130)

    /// Tells how the kiosk is; answers what the server wants of it.
    package func beat(_ heartbeat: PlatformV1.SendHeartbeatRequest, in language: Language)
        async throws(Failure)
        -> PlatformV1.SendHeartbeatResponse
    {
        do {
            var options = session.deviceOptions(timeout: Self.heartbeatTimeout)
            options.retry = .none
            return try await kiosks.sendHeartbeat(heartbeat, options: options)
        } catch { throw failure(error, in: language) }
    }

    /// Sends a one-time code; answers for how many minutes it is good.
    package func sendCode(phone: String, in language: Language) async throws(Failure) -> Int {
        do {
            let request = PlatformV1.SendCodeRequest(phone: phone, purpose: .signIn)
            let answer = try await session.identity.sendCode(request, options: session.deviceOptions())
            return max(1, Int(answer.lifetimeSeconds) / 60)
        } catch { throw failure(error, in: language) }
    }

    package func signIn(phone: String, code: String, in language: Language) async throws(Failure) -> Person {
        do {
            return try await person(
                signIns.signInByPhone(.init(phone: phone, code: code), options: session.deviceOptions()))
        } catch { throw failure(error, in: language) }
    }

    package func signIn(cardNumber: String, name: String, in language: Language) async throws(Failure)
        -> Person
    {
        do {
            return try await person(
                signIns.signInByCard(
                    .init(idNumber: cardNumber, fullName: name), options: session.deviceOptions()))
        } catch { throw failure(error, in: language) }
    }

    /// Begins a sign-in by code: what to show, and the secret to wait with.
    package func beginCode(in language: Language) async throws(Failure) -> (code: String, secret: String) {
        do {
            let answer = try await signIns.beginQRSignIn(.init(), options: session.deviceOptions())
            return (answer.code, answer.secret)
        } catch { throw failure(error, in: language) }
    }

    /// Waits until somebody has confirmed the code; nil if nobody did in time.
    package func waitForCode(secret: String, in language: Language) async throws(Failure) -> Person? {
        do {
            let sessions = signIns.waitForQRSignIn(
                .init(secret: secret), options: session.deviceOptions(timeout: Self.codeTimeout))
            for try await begun in sessions { return try await person(begun) }
            return nil
        } catch {
            if Explanation(error, in: language).code == .deadlineExceeded { return nil }
            throw failure(error, in: language)
        }
    }

    /// The hall as it is, and again after each change, until the stream ends.
    package func watchHall(_ name: String, changed: @Sendable (OneStopV1.Hall) async -> Void) async throws {
        let queue = OneStopV1.QueueServiceClient(channel: session.channel)
        let updates = queue.watchHall(
            .init(name: name), options: session.deviceOptions(timeout: .seconds(3_600)))
        for try await update in updates {
            if let hall = update.hall { await changed(hall) }
        }
    }

    /// Longest PDF that is fetched.
    static let certificateBytesAtMost = 16 * 1_024 * 1_024

    /// The PDF of a certificate, `certificates/{number}`.
    package func certificate(_ name: String, in language: Language) async throws(Failure) -> [UInt8] {
        do {
            let certificates = OneStopV1.CertificateServiceClient(channel: session.channel)
            let chunks = certificates.downloadCertificate(
                .init(name: name), options: session.options(timeout: .seconds(60)))
            var pdf: [UInt8] = []
            for try await chunk in chunks {
                pdf += chunk.data
                guard pdf.count <= Self.certificateBytesAtMost else {
                    throw Failure(
                        kind: .refused, text: language == .chinese ? "文件太大，打不了。" : "Too large to print.")
                }
            }
            return pdf
        } catch { throw failure(error, in: language) }
    }

    /// Ends the session at the server, if there is one; the token is forgotten even if the server cannot be told.
    package func signOut() async {
        guard session.isSignedIn else { return }
        let ending = session.options(timeout: .seconds(2))
        session.forget()
        do { _ = try await session.identity.signOut(.init(), options: ending) } catch {
            // The session is good only here, for minutes, and its token is gone.
        }
    }

    /// The server may know somebody whom the conversation cannot take up: then nobody is signed in.
    private func person(_ begun: PlatformV1.Session) async throws -> Person {
        let me = try session.take(begun)
        do { return try await desk.person(me) } catch {
            await signOut()
            throw error
        }
    }

    private func failure(_ error: any Error, in language: Language) -> Failure {
        if let failure = error as? Failure { return failure }
        let why = Explanation(error, in: language)
        var text = why.text
        for field in why.fields where !text.contains(field.text) { text += "\n" + field.text }
        return Failure(kind: why.isTemporary ? .connectionLost : .refused, reason: why.reason, text: text)
    }
}
