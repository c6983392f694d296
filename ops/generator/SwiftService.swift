/// Writes one service: method descriptors, the protocol that a server implements, and the client.
struct SwiftService {
    let schema: Schema
    let service: SchemaService

    private var methodsName: String { "\(service.name)Methods" }

    private func type(_ fullName: String) -> String {
        swiftType(fullName, package: schema.packageOfType[fullName] ?? "")
    }

    func write(to out: inout SourceText) {
        writeMethods(to: &out)
        out.line()
        writeProtocol(to: &out)
        out.line()
        writeClient(to: &out)
    }

    private func kind(of method: SchemaMethod) -> String {
        switch (method.streamsRequests, method.streamsResponses) {
        case (false, false): "unary"
        case (false, true): "serverStreaming"
        case (true, false): "clientStreaming"
        case (true, true): "bidirectionalStreaming"
        }
    }

    private func writeMethods(to out: inout SourceText) {
        out.line("/// The methods of `\(service.fullName)`.")
        out.block("package enum \(methodsName) {") { out in
            for method in service.methods {
                out.line("/// `\(service.fullName)/\(method.name)`.")
                let name: String = identifier(lowerFirst(method.name))
                out.line("package static let \(name) = RPC.MethodDescriptor(")
                out.line(
                    "    service: \"\(service.fullName)\", method: \"\(method.name)\", kind: .\(kind(of: method)))"
                )
            }
            out.line()
            out.line("/// All of them, in the order of the schema.")
            out.block("package static var all: [RPC.MethodDescriptor] {") { out in
                out.block("[", closing: "]") { out in
                    for method in service.methods { out.line("\(identifier(lowerFirst(method.name))),") }
                }
            }
        }
    }

    private func serverSignature(_ method: SchemaMethod) -> String {
        let name: String = identifier(lowerFirst(method.name))
        let request: String = type(method.request)
        let response: String = type(method.response)
        let input: String =
            method.streamsRequests ? "_ requests: RPC.RequestStream<\(request)>" : "_ request: \(request)"
        if method.streamsResponses {
            return
                "func \(name)(\(input), _ call: RPC.ServerCall, _ responses: RPC.ResponseWriter<\(response)>) "
                + "async throws"
        }
        return "func \(name)(\(input), _ call: RPC.ServerCall) async throws -> \(response)"
    }

    private func writeProtocol(to out: inout SourceText) {
        out.documentation(service.note.comment)
        out.block("package protocol \(service.name): RPC.Service {") { out in
            for method in service.methods {
                out.documentation(method.note.comment)
                out.line(serverSignature(method))
            }
        }
    }

    /// The list by which a server finds the methods; it stands outside of the namespace, where extensions have to.
    func writeRegistration(scope: String, to out: inout SourceText) {
        out.block("extension \(scope).\(service.name) {") { out in
            out.line("/// The methods, bound to this implementation.")
            out.block("package var serviceMethods: [RPC.ServiceMethod] {") { out in
                out.block("[", closing: "]") { out in
                    for method in service.methods { writeRegistration(of: method, scope, to: &out) }
                }
            }
        }
    }

    private func writeRegistration(of method: SchemaMethod, _ scope: String, to out: inout SourceText) {
        let name: String = identifier(lowerFirst(method.name))
        let request: String = type(method.request)
        let response: String = type(method.response)
        let input: String =
            method.streamsRequests ? "requests: RPC.RequestStream<\(request)>" : "request: \(request)"
        let argument: String = method.streamsRequests ? "requests" : "request"
        out.line(".\(kind(of: method))(\(scope).\(methodsName).\(name)) {")
        if method.streamsResponses {
            out.line("    (\(input), call: RPC.ServerCall, responses: RPC.ResponseWriter<\(response)>) in")
            out.line("    try await self.\(name)(\(argument), call, responses)")
        } else {
            out.line("    (\(input), call: RPC.ServerCall) async throws -> \(response) in")
            out.line("    try await self.\(name)(\(argument), call)")
        }
        out.line("},")
    }

    private func writeClient(to out: inout SourceText) {
        out.line("/// Calls `\(service.fullName)` on a server. Methods throw `RPCError`.")
        out.block("package struct \(service.name)Client: Sendable {") { out in
            out.line("package let channel: RPC.RPCChannel")
            out.line()
            out.line("package init(channel: RPC.RPCChannel) { self.channel = channel }")
            for method in service.methods {
                out.line()
                out.documentation(method.note.comment)
                writeClient(method, to: &out)
            }
        }
    }

    private func writeClient(_ method: SchemaMethod, to out: inout SourceText) {
        let name: String = identifier(lowerFirst(method.name))
        let request: String = type(method.request)
        let response: String = type(method.response)
        let descriptor = "\(methodsName).\(name)"
        let options = "options: RPC.CallOptions = RPC.CallOptions()"
        switch (method.streamsRequests, method.streamsResponses) {
        case (false, false):
            out.block("package func \(name)(_ request: \(request), \(options)) async throws -> \(response) {")
            {
                $0.line("try await channel.unary(\(descriptor), request, options)")
            }
        case (false, true):
            out.block(
                "package func \(name)(_ request: \(request), \(options)) -> RPC.ResponseStream<\(response)> {"
            ) {
                $0.line("channel.serverStreaming(\(descriptor), request, options)")
            }
        case (true, false):
            out.line("package func \(name)(")
            out.line("    \(options), _ body: (RPC.RequestWriter<\(request)>) async throws -> Void")
            out.block(") async throws -> \(response) {") {
                $0.line("try await channel.clientStreaming(\(descriptor), options, body)")
            }
        case (true, true):
            out.line("package func \(name)<Result>(")
            out.line("    \(options),")
            out.line(
                "    _ body: (RPC.RequestWriter<\(request)>, RPC.ResponseStream<\(response)>) async throws -> Result"
            )
            out.block(") async throws -> Result {") {
                $0.line("try await channel.bidirectional(\(descriptor), options, body)")
            }
        }
    }
}
