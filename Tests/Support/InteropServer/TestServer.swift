import InteropMessages
import RPC

/// `grpc.testing.TestService` as the gRPC project's interoperability test descriptions ask for it
/// (grpc/grpc doc/interop-test-descriptions.md, section "Server").
struct TestServer: GRPCTesting.TestService {
    /// Echoed as a header and as a trailer.
    private static let initialKey: String = "x-grpc-test-echo-initial"
    private static let trailingKey: String = "x-grpc-test-echo-trailing-bin"

    func emptyCall(_ request: GRPCTesting.Empty, _ call: ServerCall) async throws -> GRPCTesting.Empty {
        GRPCTesting.Empty()
    }

    func unaryCall(
        _ request: GRPCTesting.SimpleRequest, _ call: ServerCall
    ) async throws -> GRPCTesting.SimpleResponse {
        echoMetadata(call)
        try refuseIfAsked(request.responseStatus)
        return GRPCTesting.SimpleResponse(payload: try payload(request.responseSize))
    }

    func cacheableUnaryCall(
        _ request: GRPCTesting.SimpleRequest, _ call: ServerCall
    ) async throws -> GRPCTesting.SimpleResponse {
        try await unaryCall(request, call)
    }

    func streamingOutputCall(
        _ request: GRPCTesting.StreamingOutputCallRequest, _ call: ServerCall,
        _ responses: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>
    ) async throws {
        try await answer(request, responses)
    }

    func streamingInputCall(
        _ requests: RequestStream<GRPCTesting.StreamingInputCallRequest>, _ call: ServerCall
    ) async throws -> GRPCTesting.StreamingInputCallResponse {
        var bytes: Int = 0
        for try await request in requests { bytes += request.payload?.body.count ?? 0 }
        return GRPCTesting.StreamingInputCallResponse(aggregatedPayloadSize: Int32(clamping: bytes))
    }

    func fullDuplexCall(
        _ requests: RequestStream<GRPCTesting.StreamingOutputCallRequest>, _ call: ServerCall,
        _ responses: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>
    ) async throws {
        echoMetadata(call)
        for try await request in requests { try await answer(request, responses) }
    }

    func halfDuplexCall(
        _ requests: RequestStream<GRPCTesting.StreamingOutputCallRequest>, _ call: ServerCall,
        _ responses: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>
    ) async throws {
        var asked: [GRPCTesting.StreamingOutputCallRequest] = []
        for try await request in requests { asked.append(request) }
        for request in asked { try await answer(request, responses) }
    }

    /// Never reached: `RegisteredTestServer` leaves the method out, so that the runtime itself answers.
    func unimplementedCall(_ request: GRPCTesting.Empty, _ call: ServerCall) async throws -> GRPCTesting.Empty
    {
        throw RPCError(code: .internalError, message: "an unregistered method was called")
    }

    private func answer(
        _ request: GRPCTesting.StreamingOutputCallRequest,
        _ responses: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>
    ) async throws {
        try refuseIfAsked(request.responseStatus)
        for parameters in request.responseParameters {
            if parameters.intervalUs > 0 { try await Task.sleep(for: .microseconds(parameters.intervalUs)) }
            let response = GRPCTesting.StreamingOutputCallResponse(payload: try payload(parameters.size))
            try await responses.write(response)
        }
    }

    private func echoMetadata(_ call: ServerCall) {
        if let value = call.metadata[Self.initialKey] {
            var metadata = Metadata()
            metadata.add(value, for: Self.initialKey)
            call.setInitialMetadata(metadata)
        }
        if let value = call.metadata.binary(Self.trailingKey) {
            var metadata = Metadata()
            metadata.addBinary(value, for: Self.trailingKey)
            call.setTrailingMetadata(metadata)
        }
    }

    private func refuseIfAsked(_ status: GRPCTesting.EchoStatus?) throws {
        guard let status, status.code != 0 else { return }
        guard let code = StatusCode(rawValue: UInt8(clamping: status.code)) else {
            throw RPCError(code: .invalidArgument, message: "\(status.code) is no status code")
        }
        throw RPCError(code: code, message: status.message)
    }

    /// The longest payload that a client may ask for, in bytes.
    private static let maximumPayloadBytes: Int = 4_000_000

    private func payload(_ size: Int32) throws -> GRPCTesting.Payload {
        guard (0...Self.maximumPayloadBytes).contains(Int(size)) else {
            throw RPCError(
                code: .invalidArgument, message: "ask for 0 to \(Self.maximumPayloadBytes) bytes, not \(size)"
            )
        }
        return GRPCTesting.Payload(body: [UInt8](repeating: 0, count: Int(size)))
    }
}

/// The test server without the method that must not exist.
struct RegisteredTestServer: Service {
    var serviceMethods: [ServiceMethod] {
        TestServer().serviceMethods.filter {
            $0.descriptor != GRPCTesting.TestServiceMethods.unimplementedCall
        }
    }
}
