import InteropMessages
import RPC
import Synchronization

/// A method of each kind, with short paths, that gives back what it gets.
final class EchoService: Service {
    typealias Body = GRPCTesting.Payload

    private let count = Atomic<Int>(0)
    /// Handlers that have begun and not ended.
    var running: Int { count.load(ordering: .relaxed) }

    /// The most answers that one request of `/e/S` brings about.
    private static let maximumAnswers: Int = 64

    private func counted<R>(_ body: () async throws -> R) async rethrows -> R {
        count.wrappingAdd(1, ordering: .relaxed)
        defer { count.wrappingSubtract(1, ordering: .relaxed) }
        return try await body()
    }

    var serviceMethods: [ServiceMethod] {
        [
            .unary(MethodDescriptor(service: "e", method: "U", kind: .unary)) { (request: Body, call) in
                try await self.counted { try self.answer(request, call) }
            },
            .serverStreaming(MethodDescriptor(service: "e", method: "S", kind: .serverStreaming)) {
                (request: Body, call, responses: ResponseWriter<Body>) in
                try await self.counted {
                    let answer: Body = try self.answer(request, call)
                    for _ in 0..<min(request.body.count, Self.maximumAnswers) {
                        try await responses.write(answer)
                    }
                }
            },
            .clientStreaming(MethodDescriptor(service: "e", method: "C", kind: .clientStreaming)) {
                (requests: RequestStream<Body>, call) in
                try await self.counted {
                    var sum = Body()
                    for try await request in requests { sum.body += request.body }
                    return try self.answer(sum, call)
                }
            },
            .bidirectionalStreaming(
                MethodDescriptor(service: "e", method: "B", kind: .bidirectionalStreaming)
            ) {
                (requests: RequestStream<Body>, call, responses: ResponseWriter<Body>) in
                try await self.counted {
                    for try await request in requests {
                        try await responses.write(try self.answer(request, call))
                    }
                }
            },
        ]
    }

    /// Echoes the message and the metadata; a payload that begins with `!` asks for an error.
    private func answer(_ request: Body, _ call: ServerCall) throws -> Body {
        if let value = call.metadata["x"] { call.setInitialMetadata(["x": value]) }
        if let value = call.metadata.binary("x-bin") {
            var trailing = Metadata()
            trailing.addBinary(value, for: "x-bin")
            call.setTrailingMetadata(trailing)
        }
        if request.body.first == UInt8(ascii: "!") {
            let text = String(decoding: request.body.dropFirst(), as: UTF8.self)
            throw RPCError(code: .aborted, message: text, details: request.body)
        }
        return request
    }
}
