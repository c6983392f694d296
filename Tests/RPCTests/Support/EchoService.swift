import InteropMessages
import Kernel
import Synchronization

@testable import RPC

typealias Text = GRPCTesting.Payload

extension GRPCTesting.Payload {
    init(_ text: String) { self.init(body: Array(text.utf8)) }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A service with one method of each kind, whose behaviour the request's text chooses.
struct EchoService: Service {
    static let say = MethodDescriptor(service: "linli.test.Echo", method: "Say", kind: .unary)
    static let count = MethodDescriptor(service: "linli.test.Echo", method: "Count", kind: .serverStreaming)
    static let collect = MethodDescriptor(
        service: "linli.test.Echo", method: "Collect", kind: .clientStreaming)
    static let chat = MethodDescriptor(
        service: "linli.test.Echo", method: "Chat", kind: .bidirectionalStreaming)

    let probe = Probe()
    /// Called first in every unary call.
    var onCall: @Sendable (ServerCall) async throws -> Void = { _ in }

    var serviceMethods: [ServiceMethod] {
        [
            .unary(Self.say) { (request: Text, call: ServerCall) async throws -> Text in
                try await onCall(call)
                return try await say(request, call)
            },
            .serverStreaming(Self.count) {
                (request: Text, call: ServerCall, responses: ResponseWriter<Text>) in
                let size: Int = request.text.contains("big") ? 32_768 : 0
                let number: Int = Int(request.text.filter(\.isNumber)) ?? 0
                defer { probe.note("count ended") }
                for index in 0..<number {
                    try await responses.write(Text("\(index)" + String(repeating: "x", count: size)))
                    probe.written.withLock { $0 += 1 }
                }
                if request.text.contains("fail") {
                    throw RPCError(code: .dataLoss, message: "after \(number)")
                }
            },
            .clientStreaming(Self.collect) {
                (requests: RequestStream<Text>, call: ServerCall) async throws -> Text in
                var bytes: Int = 0
                var messages: Int = 0
                for try await request in requests {
                    if request.text == "enough" { return Text("enough") }
                    if request.text == "wait" { try await probe.gate.wait() }
                    bytes += request.body.count
                    messages += 1
                }
                return Text("\(messages) messages, \(bytes) bytes")
            },
            .bidirectionalStreaming(Self.chat) {
                (requests: RequestStream<Text>, call: ServerCall, responses: ResponseWriter<Text>) in
                for try await request in requests { try await responses.write(request) }
            },
        ]
    }

    private func say(_ request: Text, _ call: ServerCall) async throws -> Text {
        switch request.text {
        case "wait":
            probe.note("waiting")
            do { try await probe.gate.wait() } catch {
                probe.note("cancelled")
                throw error
            }
            return request
        case "refuse":
            throw Refusal.invalid(
                field: "body", reason: "BODY_BAD", zh: "内容不对。", en: "The body is wrong.",
                metadata: ["limit": "5"])
        case "busy":
            throw Refusal(
                kind: .resourceExhausted(retryAfterSeconds: 7), reason: "BUSY", zh: "请稍后再试。", en: "Try later."
            )
        case "crash": throw Unforeseen(secret: "密码")
        case "metadata":
            call.setInitialMetadata(["x-first": call.metadata["x-in"] ?? "none"])
            var trailing: Metadata = ["x-last": "end"]
            trailing.addBinary(call.metadata.binary("x-in-bin") ?? [], for: "x-out-bin")
            call.setTrailingMetadata(trailing)
            return request
        case "elsewhere":
            await Elsewhere.shared.work()
            return request
        case "peer":
            let certificate: PeerCertificate? = call.peer.certificate
            return Text(
                "\(certificate?.commonName ?? "-") \(certificate?.uris.first ?? "-") \(call.peer.serverName ?? "-")"
            )
        case "deadline": return Text("\(call.deadline.remaining.components.seconds)")
        default: return request
        }
    }
}

struct Unforeseen: Error { let secret: String }

/// Takes a handler away from its event loop.
@globalActor
actor Elsewhere {
    static let shared = Elsewhere()
    func work() async { await Task.yield() }
}

/// What tests see of the handlers.
final class Probe: Sendable {
    let written = Mutex<Int>(0)
    let gate = Gate()
    private let notes = Mutex<[String]>([])

    func note(_ text: String) { notes.withLock { $0.append(text) } }
    func noted(_ text: String) -> Bool { notes.withLock { $0.contains(text) } }
}

/// Lets tasks wait until it is opened.
final class Gate: Sendable {
    private let state = Mutex<(open: Bool, waiters: [StreamWaiter])>((false, []))

    func wait() async throws {
        try await StreamWaiter.wait { waiter in
            let isOpen: Bool = state.withLock { state in
                if !state.open { state.waiters.append(waiter) }
                return state.open
            }
            if isOpen { waiter.resume() }
        }
    }

    func open() {
        let waiters: [StreamWaiter] = state.withLock { state in
            state.open = true
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
