/// gRPC server reflection, v1 and v1alpha: what services are here and what their messages look like, for tools such as
/// grpcurl. For staff and test systems only: register it where outsiders may see the schema.
package struct ReflectionServices: Sendable {
    private let index: SchemaIndex

    /// Takes serialized `google.protobuf.FileDescriptorSet`s. RPC's own (health and reflection) are always there.
    package init(fileDescriptorSets: [[UInt8]]) {
        index = SchemaIndex(fileDescriptorSets + [RPCDescriptors.fileDescriptorSet])
    }

    /// Both versions, to be registered with a server.
    package var services: [any Service] {
        [ReflectionServiceV1(index: index), ReflectionServiceV1alpha(index: index)]
    }
}

private struct ReflectionServiceV1: ReflectionV1.ServerReflection {
    let index: SchemaIndex

    func serverReflectionInfo(
        _ requests: RequestStream<ReflectionV1.ServerReflectionRequest>, _ call: ServerCall,
        _ responses: ResponseWriter<ReflectionV1.ServerReflectionResponse>
    ) async throws {
        for try await request in requests {
            try await responses.write(
                ReflectionV1.ServerReflectionResponse(
                    validHost: request.host, originalRequest: request, messageResponse: answer(request)))
        }
    }

    private func answer(
        _ request: ReflectionV1.ServerReflectionRequest
    ) -> ReflectionV1.ServerReflectionResponse.MessageResponse {
        switch request.messageRequest {
        case .listServices:
            let services: [ReflectionV1.ServiceResponse] = index.services.map {
                ReflectionV1.ServiceResponse(name: $0)
            }
            return .listServicesResponse(ReflectionV1.ListServiceResponse(service: services))
        case .fileByFilename(let name): return files(index.closure(ofFile: name))
        case .fileContainingSymbol(let symbol): return files(index.closure(ofSymbol: symbol))
        case .allExtensionNumbersOfType(let type):
            // proto3 schemas have no extensions.
            guard index.closure(ofSymbol: type) != nil else { return files(nil) }
            return .allExtensionNumbersResponse(ReflectionV1.ExtensionNumberResponse(baseTypeName: type))
        case .fileContainingExtension: return files(nil)
        case nil:
            return .errorResponse(
                ReflectionV1.ErrorResponse(
                    errorCode: Int32(StatusCode.invalidArgument.rawValue),
                    errorMessage: "nothing was asked for"))
        }
    }

    private func files(_ found: [[UInt8]]?) -> ReflectionV1.ServerReflectionResponse.MessageResponse {
        if let found {
            return .fileDescriptorResponse(ReflectionV1.FileDescriptorResponse(fileDescriptorProto: found))
        }
        return .errorResponse(
            ReflectionV1.ErrorResponse(
                errorCode: Int32(StatusCode.notFound.rawValue), errorMessage: "the schema does not have it"))
    }
}

/// The older version differs in its package name only.
private struct ReflectionServiceV1alpha: ReflectionV1alpha.ServerReflection {
    let index: SchemaIndex

    func serverReflectionInfo(
        _ requests: RequestStream<ReflectionV1alpha.ServerReflectionRequest>, _ call: ServerCall,
        _ responses: ResponseWriter<ReflectionV1alpha.ServerReflectionResponse>
    ) async throws {
        for try await request in requests {
            try await responses.write(
                ReflectionV1alpha.ServerReflectionResponse(
                    validHost: request.host, originalRequest: request, messageResponse: answer(request)))
        }
    }

    private func answer(
        _ request: ReflectionV1alpha.ServerReflectionRequest
    ) -> ReflectionV1alpha.ServerReflectionResponse.MessageResponse {
        switch request.messageRequest {
        case .listServices:
            let services: [ReflectionV1alpha.ServiceResponse] = index.services.map {
                ReflectionV1alpha.ServiceResponse(name: $0)
            }
            return .listServicesResponse(ReflectionV1alpha.ListServiceResponse(service: services))
        case .fileByFilename(let name): return files(index.closure(ofFile: name))
        case .fileContainingSymbol(let symbol): return files(index.closure(ofSymbol: symbol))
        case .allExtensionNumbersOfType(let type):
            guard index.closure(ofSymbol: type) != nil else { return files(nil) }
            return .allExtensionNumbersResponse(ReflectionV1alpha.ExtensionNumberResponse(baseTypeName: type))
        case .fileContainingExtension: return files(nil)
        case nil:
            return .errorResponse(
                ReflectionV1alpha.ErrorResponse(
                    errorCode: Int32(StatusCode.invalidArgument.rawValue),
                    errorMessage: "nothing was asked for"))
        }
    }

    private func files(_ found: [[UInt8]]?) -> ReflectionV1alpha.ServerReflectionResponse.MessageResponse {
        if let found {
            return .fileDescriptorResponse(
                ReflectionV1alpha.FileDescriptorResponse(fileDescriptorProto: found))
        }
        return .errorResponse(
            ReflectionV1alpha.ErrorResponse(
                errorCode: Int32(StatusCode.notFound.rawValue), errorMessage: "the schema does not have it"))
    }
}
