import InteropMessages
import Kernel
import Testing

@testable import RPC

@Suite("How calls fail")
struct StatusTests {
    @Test("a refusal carries reason, fields and a text in the caller's language", arguments: ["zh-CN", "en"])
    func refusal(language: String) async throws {
        try await withServer { server in
            let error: RPCError? = await #expect(throws: RPCError.self) {
                _ = try await server.say("refuse", CallOptions(metadata: ["accept-language": language]))
            }
            #expect(error?.code == .invalidArgument)
            let info: GoogleRPC.ErrorInfo? = error?.detail(GoogleRPC.ErrorInfo.self)
            #expect(
                info == GoogleRPC.ErrorInfo(reason: "BODY_BAD", domain: "linli", metadata: ["limit": "5"]))
            #expect(error?.localizedMessage == (language == "en" ? "The body is wrong." : "内容不对。"))
            let fields: GoogleRPC.BadRequest? = error?.detail(GoogleRPC.BadRequest.self)
            #expect(fields?.fieldViolations.map(\.field) == ["body"])
        }
    }

    @Test("a refusal for lack of resources says when to come back")
    func retryInfo() async throws {
        try await withServer { server in
            let error: RPCError? = await #expect(throws: RPCError.self) { _ = try await server.say("busy") }
            #expect(error?.code == .resourceExhausted)
            #expect(error?.detail(GoogleRPC.RetryInfo.self)?.retryDelay?.seconds == 7)
        }
    }

    @Test("an unforeseen error is INTERNAL and says nothing of itself")
    func unforeseen() async throws {
        try await withServer { server in
            let error: RPCError? = await #expect(throws: RPCError.self) { _ = try await server.say("crash") }
            #expect(error?.code == .internalError)
            #expect(error?.reason == "INTERNAL")
            #expect(error.map { String(describing: $0).contains("密码") } == false)
        }
    }

    @Test("a method that nobody has registered is UNIMPLEMENTED")
    func unknownMethod() async throws {
        try await withServer { server in
            let method = MethodDescriptor(service: "linli.test.Echo", method: "Nope", kind: .unary)
            let error: RPCError? = await #expect(throws: RPCError.self) {
                let _: Text = try await server.channel.unary(method, Text("x"))
            }
            #expect(error?.code == .unimplemented)
            #expect(error?.reason == "METHOD_UNKNOWN")
        }
    }

    @Test("details that would not fit into trailers are cut down, never the reason")
    func longDetails() throws {
        let fields: [FieldViolation] = (0..<200).map {
            FieldViolation(field: "field_\($0)", reason: "BAD", zh: "不对，请改正。", en: "Wrong, correct it.")
        }
        let small = Refusal(
            kind: .invalidArgument, reason: "BAD", zh: "不对", en: "Wrong", fields: Array(fields.prefix(5)))
        #expect(try details(small).details.count == 3)
        let many = Refusal(kind: .invalidArgument, reason: "BAD", zh: "不对", en: "Wrong", fields: fields)
        #expect(try details(many).details.count == 2)
        let long = Refusal(
            kind: .invalidArgument, reason: "BAD", zh: String(repeating: "长", count: 5_000), en: "Wrong")
        #expect(try details(long).details.count == 1)
    }

    private func details(_ refusal: Refusal) throws -> GoogleRPC.Status {
        let bytes: [UInt8] = StatusDetails.encode(refusal, in: .chinese)
        #expect(bytes.count <= StatusDetails.maximumBytes)
        return try GoogleRPC.Status(wire: bytes)
    }

    @Test("text in grpc-message survives", arguments: ["", "plain", "100 % 邻里\r\n", "%zz"])
    func percent(text: String) {
        let encoded: String = PercentEncoding.encode(text)
        #expect(encoded.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E })
        #expect(PercentEncoding.decode(encoded) == text)
    }

    @Test("HTTP statuses and reset codes mean what gRPC's documents say")
    func mapping() {
        let http: [(String, StatusCode)] = [
            ("400", .internalError), ("401", .unauthenticated), ("403", .permissionDenied),
            ("404", .unimplemented),
            ("429", .unavailable), ("502", .unavailable), ("503", .unavailable), ("504", .unavailable),
            ("418", .unknown),
        ]
        for (status, code) in http { #expect(StatusMapping.code(httpStatus: status) == code) }
        let resets: [(UInt32, StatusCode)] = [
            (0, .internalError), (1, .internalError), (7, .unavailable), (8, .cancelled),
            (11, .resourceExhausted),
            (12, .permissionDenied),
        ]
        for (reset, code) in resets { #expect(StatusMapping.code(resetCode: reset) == code) }
    }
}
