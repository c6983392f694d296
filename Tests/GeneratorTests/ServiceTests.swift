import RPC
import Testing
import WireTestMessages

@Suite("Generated services")
struct ServiceTests {
    /// Answers with what it is asked.
    private struct Echo: TestingV1.KindService {
        func getKinds(_ request: TestingV1.Kinds, _ call: ServerCall) async throws -> TestingV1.Kinds {
            request
        }

        func watchKinds(
            _ request: TestingV1.Kinds, _ call: ServerCall, _ responses: ResponseWriter<TestingV1.Kinds>
        ) async throws {
            try await responses.write(request)
        }

        func uploadKinds(
            _ requests: RequestStream<TestingV1.Kinds>, _ call: ServerCall
        ) async throws -> TestingV1.Kinds {
            var last = TestingV1.Kinds()
            for try await request in requests { last = request }
            return last
        }

        func echoKinds(
            _ requests: RequestStream<TestingV1.Kinds>, _ call: ServerCall,
            _ responses: ResponseWriter<TestingV1.Kinds>
        ) async throws {
            for try await request in requests { try await responses.write(request) }
        }
    }

    @Test("register each method of the schema under its path and kind, streams included")
    func registration() {
        let methods: [MethodDescriptor] = Echo().serviceMethods.map(\.descriptor)
        #expect(methods == TestingV1.KindServiceMethods.all)
        #expect(methods == WireTestMessagesDescriptors.methods)
        #expect(methods.map(\.kind) == [.unary, .serverStreaming, .clientStreaming, .bidirectionalStreaming])
        #expect(methods.first?.path == "/linli.testing.v1.KindService/GetKinds")
    }
}
