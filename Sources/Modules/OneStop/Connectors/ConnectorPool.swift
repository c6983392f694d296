import Contract
import Crypto
import Kernel
import Logging
import Platform
import RPC
import Synchronization

/// Calls to departments' systems, each of which is kept apart from the others: its own connection, its own circuit breaker,
/// its own few calls at a time. What hangs on one side reaches nobody else.
///
/// No caller holds a transaction of the store here: a department may take seconds.
final class ConnectorPool: Sendable {
    /// Calls to one system at a time; more would only wait for each other.
    static let callsMax: Int = 8

    /// What is known of one system since the server started.
    struct Health: Sendable, Equatable {
        var breaker: CircuitBreaker = CircuitBreaker()
        var running: Int = 0
        var lastAnswer: Instant?
        var lastProblem: String = ""
    }

    private struct Link {
        /// Of the registration that it belongs to.
        var updateTime: Instant
        var channel: RPCChannel?
        var health: Health = Health()
    }

    let access: ConnectorAccess
    private let environment: Environment
    private let logger: Logger
    private let links: Mutex<[String: Link]> = Mutex([:])

    init(access: ConnectorAccess, environment: Environment, logger: Logger) {
        self.access = access
        self.environment = environment
        self.logger = logger
    }

    /// What is known of a system; nothing was wrong with one that was never asked.
    func health(_ record: ConnectorRecord) -> Health {
        links.withLock { links in
            guard let link = links[record.id], link.updateTime == record.updateTime else { return Health() }
            return link.health
        }
    }

    /// Closes the connection of a system that was removed or replaced.
    func forget(_ id: String) {
        let channel: RPCChannel? = links.withLock { $0.removeValue(forKey: id)?.channel }
        channel?.close()
    }

    /// Asks a system which queries it answers, over a connection of its own: it is not registered yet.
    func describe(_ record: ConnectorRecord) async throws -> [ConnectedItem] {
        let channel: RPCChannel = try open(record)
        defer { channel.close() }
        let client = OneStopV1.DepartmentConnectorClient(channel: channel)
        do {
            let answer: OneStopV1.DescribeQueriesResponse = try await client.describeQueries(
                OneStopV1.DescribeQueriesRequest(), options: options(record))
            return try ConnectorRules.items(answer, codes: record.items.map(\.code))
        } catch let error as RPCError {
            throw try fault(error)
        }
    }

    /// Asks a query.
    ///
    /// - Throws: `ConnectorFault`; `CancellationError` if whoever asked has hung up.
    func ask(_ record: ConnectorRecord, _ request: OneStopV1.AnswerQueryRequest) async throws
        -> ConnectorReply
    {
        let channel: RPCChannel = try admit(record)
        let client = OneStopV1.DepartmentConnectorClient(channel: channel)
        let outcome: Result<ConnectorReply, any Error>
        do {
            let answer: OneStopV1.AnswerQueryResponse = try await client.answerQuery(
                request, options: options(record))
            outcome = .success(.content(try ConnectorRules.content(answer, now: environment.now())))
        } catch let error as RPCError {
            outcome = Result { try reply(error) }
        } catch {
            outcome = .failure(error)
        }
        settle(record, outcome)
        return try outcome.get()
    }

    // MARK: One call's way in and out

    private func admit(_ record: ConnectorRecord) throws(ConnectorFault) -> RPCChannel {
        let now: Instant = environment.now()
        let decision: Result<RPCChannel, ConnectorFault> = links.withLock { links in
            var link: Link = links[record.id] ?? Link(updateTime: record.updateTime)
            if link.updateTime != record.updateTime {
                link.channel?.close()
                link = Link(updateTime: record.updateTime)
            }
            defer { links[record.id] = link }
            guard link.health.running < ConnectorPool.callsMax else {
                return .failure(
                    ConnectorFault(
                        kind: .busy, blame: .linli, detail: "\(ConnectorPool.callsMax) calls are running"))
            }
            if case .wait(let seconds) = link.health.breaker.admit(now) {
                return .failure(
                    ConnectorFault(
                        kind: .circuitOpen, blame: .department, detail: link.health.lastProblem,
                        retrySeconds: seconds))
            }
            do throws(ConnectorFault) {
                let channel: RPCChannel
                if let open: RPCChannel = link.channel { channel = open } else { channel = try open(record) }
                link.channel = channel
                link.health.running += 1
                return .success(channel)
            } catch {
                link.health.breaker.abandoned(now)
                link.health.lastProblem = error.line
                return .failure(error)
            }
        }
        return try decision.get()
    }

    private func settle(_ record: ConnectorRecord, _ outcome: Result<ConnectorReply, any Error>) {
        let now: Instant = environment.now()
        let (before, after): (CircuitBreaker.State, CircuitBreaker.State) = links.withLock { links in
            guard var link = links[record.id], link.updateTime == record.updateTime else {
                return (.closed, .closed)
            }
            let before: CircuitBreaker.State = link.health.breaker.state
            link.health.running -= 1
            switch outcome {
            case .success:
                link.health.breaker.succeeded()
                link.health.lastAnswer = now
                link.health.lastProblem = ""
            case .failure(let fault as ConnectorFault):
                link.health.breaker.failed(now)
                link.health.lastProblem = fault.line
            case .failure:
                link.health.breaker.abandoned(now)
            }
            // A new connection for the next trial: the old one waits by a clock of its own, and keys may have changed.
            if case .open = link.health.breaker.state, link.health.breaker.state != before {
                link.channel?.close()
                link.channel = nil
            }
            links[record.id] = link
            return (before, link.health.breaker.state)
        }
        tell(record, before, after, outcome)
    }

    private func tell(
        _ record: ConnectorRecord, _ before: CircuitBreaker.State, _ after: CircuitBreaker.State,
        _ outcome: Result<ConnectorReply, any Error>
    ) {
        if case .failure(let fault as ConnectorFault) = outcome {
            logger.warning(
                "a department's system gave no answer",
                metadata: [
                    "connector": "\(record.id)", "fault": "\(fault.kind.rawValue)",
                    "blame": "\(fault.blame.rawValue)", "detail": "\(fault.detail)",
                ])
        }
        switch (before, after) {
        case (_, .open(let until)) where before != after:
            logger.error(
                "a department's system is left alone for a while",
                metadata: ["connector": "\(record.id)", "until": "\(until.rfc3339Shanghai)"])
        case (.halfOpen, .closed), (.open, .closed):
            logger.notice("a department's system answers again", metadata: ["connector": "\(record.id)"])
        default: break
        }
    }

    // MARK: Connections

    private func options(_ record: ConnectorRecord) -> CallOptions {
        CallOptions(timeout: .milliseconds(record.timeoutMilliseconds))
    }

    private func open(_ record: ConnectorRecord) throws(ConnectorFault) -> RPCChannel {
        guard access.allows(record.address) else {
            throw ConnectorFault(
                kind: .notAllowed, blame: .linli,
                detail: "connector-addresses in linlid.yaml does not allow \(record.address)")
        }
        guard let certificate: CertificateFiles = access.certificate else {
            throw ConnectorFault(
                kind: .ownCertificate, blame: .linli, detail: "the server has no certificate")
        }
        var configuration: ChannelConfiguration = ChannelConfiguration(
            host: record.address.host, port: record.address.port,
            tls: ClientTLS(
                roots: record.rootPEM.isEmpty ? .file(access.rootPath) : .pem(record.rootPEM),
                certificate: certificate))
        configuration.connectTimeout = .milliseconds(record.timeoutMilliseconds)
        configuration.defaultTimeout = .milliseconds(record.timeoutMilliseconds)
        // The circuit breaker decides about longer pauses.
        configuration.firstBackoff = .milliseconds(200)
        configuration.maximumBackoff = .seconds(1)
        configuration.maximumMessageBytes = ConnectorRules.answerBytesMax
        configuration.streamWindowBytes = ConnectorRules.answerBytesMax
        configuration.connectionWindowBytes = ConnectorRules.answerBytesMax * ConnectorPool.callsMax
        do { return try RPCChannel(configuration: configuration) } catch {
            throw ConnectorFault(kind: .ownCertificate, blame: .linli, detail: "\(error)")
        }
    }

    // MARK: What an error means

    /// An answer in the form of an error, or whose mistake it is.
    private func reply(_ error: RPCError) throws -> ConnectorReply {
        switch error.code {
        case .invalidArgument, .notFound, .failedPrecondition, .outOfRange:
            do throws(Refusal) {
                return .declined(try ConnectorRules.declinedRule.apply(error.message, field: ""))
            } catch {
                throw ConnectorFault(
                    kind: .invalid, blame: .department, detail: "it declined without words for people")
            }
        default: throw try fault(error)
        }
    }

    private func fault(_ error: RPCError) throws -> ConnectorFault {
        func department(_ kind: ConnectorFault.Kind) -> ConnectorFault {
            ConnectorFault(
                kind: kind, blame: .department,
                detail: Masking.numbers(in: String("\(error.code.name) \(error.message)".prefix(200))))
        }
        switch error.code {
        case .cancelled where Task.isCancelled: throw CancellationError()
        case .deadlineExceeded: return department(.tooSlow)
        case .unauthenticated, .permissionDenied: return department(.refusedUs)
        case .resourceExhausted where error.message.contains("larger than"): return department(.tooLarge)
        case .internalError where error.message.hasPrefix("the answer cannot be decoded"):
            return department(.invalid)
        case .unavailable where error.message.hasPrefix("cannot connect"):
            return ConnectorFault(
                kind: .unreachable, blame: .network, detail: String(error.message.prefix(200)))
        case .unavailable where error.message.hasPrefix("the connection was lost"):
            return ConnectorFault(kind: .lost, blame: .network, detail: String(error.message.prefix(200)))
        default: return department(.failed)
        }
    }
}
