internal import Client
internal import Contract
internal import Dialogue
internal import Foundation
internal import Kernel
internal import Paper

// What the machine wants done. Each result comes back as an event.

extension Runner {
    func perform(_ action: KioskAction) {
        switch action {
        case .call(let request): ask(request)
        case .watch(let number): follow(number)
        case .follow(let application): follow(application: application)
        case .stopWatching:
            following?.cancel()
            following = nil
        case .listMaterials:
            post(.materials(folder?.files() ?? []))
        case .print(let printout): print(printout)
        case .printCertificate(let name): printCertificate(name)
        case .end: break
        default: performSignIn(action)
        }
    }

    private func ask(_ request: Request) {
        let conversation = conversation
        let language = language
        run {
            do throws(Failure) {
                return .dialogue(.answered(try await conversation.answer(request, in: language)))
            } catch { return .dialogue(.failed(error)) }
        }
    }

    /// Does something beside the loop, and posts what came of it.
    private func run(_ work: @escaping @Sendable () async -> KioskEvent?) {
        let continuation = continuation
        Task { @concurrent in
            if let event = await work() { continuation.yield(.kiosk(event)) }
        }
    }

    private func follow(_ number: String) {
        following?.cancel()
        let conversation = conversation
        let language = language
        let continuation = continuation
        following = Task { @concurrent in
            await conversation.follow(report: number, in: language) { report in
                continuation.yield(.kiosk(.dialogue(.caseChanged(CaseChange(report: report)))))
            }
        }
    }

    private func follow(application name: String) {
        following?.cancel()
        let conversation = conversation
        let language = language
        let continuation = continuation
        following = Task { @concurrent in
            await conversation.follow(application: name, in: language) { application in
                continuation.yield(.kiosk(.dialogue(.applicationChanged(application))))
            }
        }
    }

    // MARK: Signing in

    private func performSignIn(_ action: KioskAction) {
        let desk = desk
        let language = language
        switch action {
        case .sendCode(let phone):
            signIn { () async throws(Failure) in
                .codeSent(minutes: try await desk.sendCode(phone: phone, in: language))
            }
        case .signInByPhone(let phone, let code):
            signIn { () async throws(Failure) in
                .signedIn(try await desk.signIn(phone: phone, code: code, in: language))
            }
        case .signInByCard(let number, let name):
            signIn { () async throws(Failure) in
                .signedIn(try await desk.signIn(cardNumber: number, name: name, in: language))
            }
        case .beginCode: beginCode()
        case .stopCode:
            waitingForCode?.cancel()
            waitingForCode = nil
        default: break
        }
    }

    private func signIn(_ work: @escaping @Sendable () async throws(Failure) -> SignInEvent) {
        run {
            do throws(Failure) { return .signIn(try await work()) } catch { return .signIn(.failed(error)) }
        }
    }

    private func beginCode() {
        let desk = desk
        let language = language
        let continuation = continuation
        waitingForCode = Task { @concurrent in
            do throws(Failure) {
                let (code, secret) = try await desk.beginCode(in: language)
                continuation.yield(.kiosk(.signIn(.code(code))))
                let person = try await desk.waitForCode(secret: secret, in: language)
                if !Task.isCancelled {
                    continuation.yield(.kiosk(.signIn(person.map(SignInEvent.signedIn) ?? .codeExpired)))
                }
            } catch {
                if !Task.isCancelled { continuation.yield(.kiosk(.signIn(.failed(error)))) }
            }
        }
    }

    // MARK: Paper

    private func print(_ printout: Printout) {
        let printer = parts.receiptPrinter
        let time = environment.now().shanghai.description
        run { .printed(await printer.print(Self.receipt(printout, time: time))) }
    }

    static func receipt(_ printout: Printout, time: String) -> Receipt {
        var pieces: [Receipt.Part] = [.title(printout.title), .rule]
        pieces += printout.lines.map { .text($0) }
        if !printout.code.isEmpty { pieces += [.space(1), .code(printout.code)] }
        return Receipt(pieces + [.rule, .text(time), .cut])
    }

    private func printCertificate(_ name: String) {
        let printer = parts.documentPrinter
        let id = environment.newID().description
        let desk = desk
        let language = language
        run {
            do {
                return .printed(
                    await printer.print(pdf: try await desk.certificate(name, in: language), id: id))
            } catch {
                return .printed(.failed)
            }
        }
    }

    // MARK: Heartbeats

    func heartbeats() -> Task<Void, Never> {
        let pulse = Pulse(
            desk: desk, conversation: conversation, parts: parts, secondsAtMost: settings.heartbeatSeconds,
            inUse: inUse, language: session.language, continuation: continuation)
        return Task { @concurrent in await pulse.beat() }
    }
}

/// Tells the server how the kiosk is, and the kiosk what the server says.
private struct Pulse: Sendable {
    let desk: KioskDesk
    let conversation: ResidentDesk
    let parts: Parts
    let secondsAtMost: Int?
    let inUse: Flag
    let language: Language
    let continuation: AsyncStream<Runner.Event>.Continuation

    /// The server is looked for again this often while it is away.
    private static let awaySeconds: Int = 2
    /// Between heartbeats, until the server has said how many.
    private static let seconds: Int = 60
    /// After the first one: by then every part has started.
    private static let startSeconds: Int = 5

    /// Until it is cancelled.
    func beat() async {
        var isReady: Bool = false
        while !Task.isCancelled {
            let wait: Int = await once(&isReady)
            do { try await Task.sleep(for: .seconds(wait)) } catch { return }
        }
    }

    private func post(_ event: KioskEvent) { continuation.yield(.kiosk(event)) }

    /// Answers the seconds to the next one.
    private func once(_ isReady: inout Bool) async -> Int {
        do throws(Failure) {
            let answer: PlatformV1.SendHeartbeatResponse = try await desk.beat(
                await heartbeat(), in: language)
            post(.station(Station(answer)))
            let isFirst: Bool = !isReady
            if isFirst {
                var (definition, greeting) = try await conversation.definition(in: language, for: .kiosk)
                definition.hall = answer.hall
                post(.ready(definition, greeting: greeting))
                isReady = true
            }
            post(.reachable(true))
            let wait: Int = answer.intervalSeconds > 0 ? Int(answer.intervalSeconds) : Self.seconds
            return min(isFirst ? Self.startSeconds : wait, secondsAtMost ?? wait)
        } catch {
            if error.kind != .connectionLost { post(.station(Station(problem: error.text))) }
            post(.reachable(false))
            return Self.awaySeconds
        }
    }

    private func heartbeat() async -> PlatformV1.SendHeartbeatRequest {
        async let receiptPrinter = parts.receiptPrinter.state()
        async let documentPrinter = parts.documentPrinter.state()
        let card: PlatformV1.PartState = parts.cardTypes ? .ok : await parts.cardReader.state()
        return PlatformV1.SendHeartbeatRequest(
            version: KioskVersion.text, receiptPrinter: await receiptPrinter,
            paper: await parts.receiptPrinter.paper(), documentPrinter: await documentPrinter,
            cardReader: card,
            inUse: inUse.value)
    }
}

/// What the heartbeat says about the program.
enum KioskVersion {
    static let text: String = "1.0.0"
}

extension Station {
    init(_ answer: PlatformV1.SendHeartbeatResponse) {
        place = answer.placeText
        hotline = answer.hotline
        lock = answer.locked ? answer.lockText?.zh ?? "" : nil
    }
}
