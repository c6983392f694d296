import Contract
import Crypto
import Kernel
import Platform
import RPC

/// Departments' systems, for operators.
extension QueryDesk {
    private static let name: ResourceName.Pattern = "connectors/{connector}"

    func registerConnector(_ request: OneStopV1.RegisterConnectorRequest, _ call: ServerCall) async throws
        -> OneStopV1.Connector
    {
        if let first: OneStopV1.Connector = try await platform.replayed(
            call, request, requestID: request.requestID)
        {
            return first
        }
        let draft: ConnectorRecord = try record(request)
        // The department is asked before anything is written: what does not answer is not connected.
        let described: [ConnectedItem]
        do {
            try await platform.read(call) { try checkItems(draft, $0) }
            described = try await pool.describe(draft)
        } catch let fault as ConnectorFault {
            throw ConnectorTexts.notConnected(draft, fault)
        }
        let answer: OneStopV1.Connector = try await platform.perform(
            call, request, requestID: request.requestID, action: "connector.register"
        ) { unit in
            try checkItems(draft, unit.reading)
            if try ConnectorStore.find(unit.connection, id: draft.id) == nil,
                try ConnectorStore.count(unit.connection) >= ConnectorRules.connectorsMax
            {
                throw ConnectorTexts.tooMany
            }
            let record: ConnectorRecord = ConnectorRecord(
                id: draft.id, displayName: draft.displayName, address: draft.address, rootPEM: draft.rootPEM,
                timeoutMilliseconds: draft.timeoutMilliseconds, updateTime: unit.now, items: described)
            try ConnectorStore.replace(record, unit.connection)
            unit.audit(
                subject: "connectors/\(record.id)",
                details: [
                    "address": record.address.description,
                    "items": record.items.map(\.code).joined(separator: ","),
                ])
            return record.message(ConnectorPool.Health())
        }
        pool.forget(draft.id)
        return answer
    }

    func listConnectors(_ request: OneStopV1.ListConnectorsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListConnectorsResponse
    {
        let paging: Paging = try Paging(size: request.pageSize, token: request.pageToken, query: [])
        let records: [ConnectorRecord] = try await platform.read(call) { context in
            try ConnectorStore.list(
                context.connection, after: paging.after?[0] ?? "", limit: paging.limit)
        }
        let page = paging.cut(records) { [$0.id] }
        return OneStopV1.ListConnectorsResponse(
            connectors: page.rows.map { $0.message(pool.health($0)) }, nextPageToken: page.nextPageToken)
    }

    func removeConnector(_ request: OneStopV1.RemoveConnectorRequest, _ call: ServerCall) async throws
        -> OneStopV1.Connector
    {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        let answer: OneStopV1.Connector = try await platform.perform(
            call, request, requestID: request.requestID, action: "connector.remove"
        ) { unit in
            guard let record: ConnectorRecord = try ConnectorStore.find(unit.connection, id: id) else {
                throw ConnectorTexts.notFound
            }
            try ConnectorStore.remove(unit.connection, id: id)
            unit.audit(subject: "connectors/\(id)", details: ["address": record.address.description])
            return record.message(pool.health(record))
        }
        pool.forget(id)
        return answer
    }

    /// The registration that a request asks for; its items are not described yet.
    private func record(_ request: OneStopV1.RegisterConnectorRequest) throws(Refusal) -> ConnectorRecord {
        guard ConnectorRules.isID(request.id) else { throw ConnectorTexts.idInvalid }
        let name: String = try ConnectorRules.nameRule.apply(request.displayName, field: "display_name")
        guard let address: ConnectorAddress = ConnectorAddress(request.address) else {
            throw ConnectorTexts.addressInvalid
        }
        guard pool.access.allows(address) else { throw ConnectorTexts.addressNotAllowed(address) }
        let timeout: Int =
            request.timeoutMilliseconds == 0
            ? ConnectorRules.timeoutStandard : Int(request.timeoutMilliseconds)
        guard ConnectorRules.timeoutMilliseconds.contains(timeout) else { throw ConnectorTexts.timeoutRange }
        guard ConnectorRules.itemCodes.contains(request.itemCodes.count),
            Set(request.itemCodes).count == request.itemCodes.count
        else { throw ConnectorTexts.itemCodes }
        return ConnectorRecord(
            id: request.id, displayName: name, address: address, rootPEM: try Self.roots(request.rootPem),
            timeoutMilliseconds: timeout, updateTime: platform.environment.now(),
            items: request.itemCodes.map { ConnectedItem(code: $0, personal: false, parameters: []) })
    }

    private static func roots(_ pem: String) throws(Refusal) -> String {
        if pem.isEmpty { return "" }
        guard pem.utf8.count <= ConnectorRules.rootBytesMax else { throw ConnectorTexts.rootInvalid }
        do throws(CryptoError) { _ = try Crypto.Certificate(pem: pem) } catch {
            throw ConnectorTexts.rootInvalid
        }
        return pem
    }

    private func checkItems(_ draft: ConnectorRecord, _ context: ReadContext) throws {
        for item in draft.items {
            guard try ItemStore.query(context.connection, code: item.code) != nil else {
                throw ConnectorTexts.itemUnknown(item.code)
            }
            if let (owner, _) = try ConnectorStore.find(context.connection, code: item.code),
                owner.id != draft.id
            {
                throw ConnectorTexts.itemTaken(item.code, by: owner)
            }
        }
    }
}

extension ConnectorRecord {
    func message(_ health: ConnectorPool.Health) -> OneStopV1.Connector {
        OneStopV1.Connector(
            name: "connectors/\(id)", displayName: displayName, address: address.description,
            itemCodes: items.map(\.code), circuit: health.breaker.wire,
            failures: Int32(clamping: health.breaker.failures),
            lastAnswerTime: health.lastAnswer.map { .init($0) }, lastProblem: health.lastProblem,
            timeoutMilliseconds: Int32(clamping: timeoutMilliseconds))
    }
}

extension CircuitBreaker {
    fileprivate var wire: OneStopV1.CircuitState {
        switch state {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        }
    }
}
