/// A set of methods that a server offers. Generated protocols refine it and list the methods.
package protocol Service: Sendable {
    var serviceMethods: [ServiceMethod] { get }
}

/// One method with its implementation, erased to bytes: the server finds it by path and runs it for a call.
package struct ServiceMethod: Sendable {
    package let descriptor: MethodDescriptor
    /// Takes the requests from the call, runs the handler, and gives its answers to the call.
    let run: @Sendable (ServerCall) async throws -> Void

    package static func unary<Q: Message, A: Message>(
        _ descriptor: MethodDescriptor, _ handler: @escaping @Sendable (Q, ServerCall) async throws -> A
    ) -> ServiceMethod {
        ServiceMethod(descriptor: descriptor) { call in
            let request: Q = try await call.onlyRequest()
            let answer: A = try await handler(request, call)
            try await call.finish(with: answer)
        }
    }

    package static func serverStreaming<Q: Message, A: Message>(
        _ descriptor: MethodDescriptor,
        _ handler: @escaping @Sendable (Q, ServerCall, ResponseWriter<A>) async throws -> Void
    ) -> ServiceMethod {
        ServiceMethod(descriptor: descriptor) { call in
            let request: Q = try await call.onlyRequest()
            try await handler(request, call, ResponseWriter(call: call))
            try await call.finish()
        }
    }

    package static func clientStreaming<Q: Message, A: Message>(
        _ descriptor: MethodDescriptor,
        _ handler: @escaping @Sendable (RequestStream<Q>, ServerCall) async throws -> A
    ) -> ServiceMethod {
        ServiceMethod(descriptor: descriptor) { call in
            let answer: A = try await handler(RequestStream(call: call), call)
            try await call.finish(with: answer)
        }
    }

    package static func bidirectionalStreaming<Q: Message, A: Message>(
        _ descriptor: MethodDescriptor,
        _ handler: @escaping @Sendable (RequestStream<Q>, ServerCall, ResponseWriter<A>) async throws -> Void
    ) -> ServiceMethod {
        ServiceMethod(descriptor: descriptor) { call in
            try await handler(RequestStream(call: call), call, ResponseWriter(call: call))
            try await call.finish()
        }
    }
}
