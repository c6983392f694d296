import Kernel
import Platform

/// A department's own system, as it was registered.
struct ConnectorRecord: Sendable, Equatable {
    let id: String
    let displayName: String
    let address: ConnectorAddress
    /// Roots that its certificate must come from; empty for those of this server.
    let rootPEM: String
    let timeoutMilliseconds: Int
    let updateTime: Instant
    let items: [ConnectedItem]
}

/// A query item that it answers, as the department described it.
struct ConnectedItem: Sendable, Equatable, Codable {
    struct Parameter: Sendable, Equatable, Codable {
        let id: String
        let label: String
        let optional: Bool
    }
    let code: String
    let personal: Bool
    let parameters: [Parameter]
}

/// Whose side it was on, so that whoever is woken at night knows whom to call.
enum ConnectorBlame: String, Sendable {
    /// This server: its configuration, its certificate, its limits.
    case linli
    /// The way between.
    case network
    /// The department's system.
    case department
}

/// Why a department's system gave no answer that can be shown.
struct ConnectorFault: Error, Sendable, Equatable {
    enum Kind: String, Sendable {
        /// Nothing listens there, or the handshake failed.
        case unreachable
        /// The connection broke while it was asked.
        case lost
        /// No answer in the time that it may take.
        case tooSlow = "too_slow"
        /// It failed several times and is left alone for a while.
        case circuitOpen = "circuit_open"
        /// So many calls to it are running that another would only wait.
        case busy
        /// The configuration does not allow the address any more.
        case notAllowed = "not_allowed"
        /// The server's own certificate cannot be used.
        case ownCertificate = "own_certificate"
        /// It does not let this server in.
        case refusedUs = "refused_us"
        /// It answered with an error.
        case failed
        /// It sent more than an answer may be long.
        case tooLarge = "too_large"
        /// It sent something that is no answer.
        case invalid
    }

    let kind: Kind
    let blame: ConnectorBlame
    /// For operators, in English; without personal data.
    let detail: String
    /// When asking again makes sense.
    var retrySeconds: Int = 5

    /// One line for operators.
    var line: String { "\(kind.rawValue) (\(blame.rawValue)): \(detail)" }
}

/// What a department's system answered.
enum ConnectorReply: Sendable, Equatable {
    case content(QueryContent)
    /// The question cannot be answered as it was asked; the department's words for the person.
    case declined(String)
}
